// The functions that threads can run together. A switch instead of function values: AssemblyScript keeps those in static
// memory, and this module has none (its memory belongs to tfjs).

import { convFilterPositions, convInputImages } from './conv/convolution'
import { convForwardParts } from './conv/forward'
import { depthwiseFilterPositions, depthwiseInputImages } from './conv/depthwise'
import { depthwiseRows, spreadChannels } from './conv/depthwise-forward'
import { averagePoolRows, maxPoolRows } from './conv/pool'
import { averagePoolImages, maxPoolImages } from './conv/pool-gradients'
import { binaryPart, selectPart, unaryPart } from './elementwise'
import { gemmTasks, packedRows, packPanels } from './gemm/batch'
import * as jobs from './job-ids'
import { runOpJob } from './op-jobs'
import { reducePart } from './reduce'
import { segmentSumColumns } from './segment-sum'
import { softmaxRows } from './softmax'
import { copyPart } from './strided'

/** Runs part `begin` to `end` of a job; `args` is the address of its arguments. */
export function runJob(job: i32, args: usize, begin: i32, end: i32): void {
  switch (job) {
    case jobs.JOB_GEMM:
      return gemmTasks(args, begin, end)
    case jobs.JOB_GEMM_PACK:
      return packPanels(args, begin, end)
    case jobs.JOB_GEMM_ROWS:
      return packedRows(args, begin, end)
    case jobs.JOB_SEGMENT_SUM:
      return segmentSumColumns(args, begin, end)
    case jobs.JOB_CONV_FORWARD:
      return convForwardParts(args, begin, end)
    case jobs.JOB_DEPTHWISE_FORWARD:
      return depthwiseRows(args, begin, end)
    case jobs.JOB_SPREAD_CHANNELS:
      return spreadChannels(args, begin, end)
    case jobs.JOB_MAX_POOL:
      return maxPoolRows(args, begin, end)
    case jobs.JOB_AVERAGE_POOL:
      return averagePoolRows(args, begin, end)
    case jobs.JOB_MAX_POOL_GRADIENT:
      return maxPoolImages(args, begin, end)
    case jobs.JOB_AVERAGE_POOL_GRADIENT:
      return averagePoolImages(args, begin, end)
    case jobs.JOB_CONV_FILTER_GRADIENT:
      return convFilterPositions(args, begin, end)
    case jobs.JOB_CONV_INPUT_GRADIENT:
      return convInputImages(args, begin, end)
    case jobs.JOB_DEPTHWISE_FILTER_GRADIENT:
      return depthwiseFilterPositions(args, begin, end)
    case jobs.JOB_DEPTHWISE_INPUT_GRADIENT:
      return depthwiseInputImages(args, begin, end)
    case jobs.JOB_UNARY:
      return unaryPart(args, begin, end)
    case jobs.JOB_BINARY:
      return binaryPart(args, begin, end)
    case jobs.JOB_SELECT:
      return selectPart(args, begin, end)
    case jobs.JOB_REDUCE:
      return reducePart(args, begin, end)
    case jobs.JOB_SOFTMAX:
      return softmaxRows(args, begin, end)
    case jobs.JOB_COPY:
      return copyPart(args, begin, end)
    default:
      runOpJob(job, args, begin, end)
  }
}
