// The jobs of the fused operations; see `jobs.ts`.

import { adamWChunks } from './adamw'
import { attentionGradientTasks, attentionTasks } from './attention'
import { crossEntropyRows } from './cross-entropy'
import { dropoutBlocks } from './dropout'
import { gatherSomeRows } from './gather-rows'
import { sumSquaresChunks } from './global-norm'
import { normalizeGradientBlocks, normalizeRows } from './normalize'
import * as id from './op-job-ids'
import { pointwiseGradientUnits, pointwiseUnits } from './pointwise'
import { decoderRows, decoderRowsBack, decoderWeightColumns } from './recurrent/additive-gru-decoder'
import * as recurrent from './recurrent/sequence'
import { recurrentWeightColumns } from './recurrent/weight-gradients'
import { sgdChunks } from './sgd'

export function runOpJob(job: i32, args: usize, begin: i32, end: i32): void {
  switch (job) {
    case id.JOB_RECURRENT_PROJECT:
      return recurrent.recurrentProject(args, begin, end)
    case id.JOB_RECURRENT_FORWARD:
      return recurrent.recurrentRows(args, begin, end)
    case id.JOB_RECURRENT_BACKWARD:
      return recurrent.recurrentRowsBack(args, begin, end)
    case id.JOB_RECURRENT_WEIGHTS:
      return recurrentWeightColumns(args, begin, end)
    case id.JOB_RECURRENT_DX:
      return recurrent.recurrentInputRows(args, begin, end)
    case id.JOB_CROSS_ENTROPY:
      return crossEntropyRows(args, begin, end)
    case id.JOB_GATHER_ROWS:
      return gatherSomeRows(args, begin, end)
    case id.JOB_ADAMW:
      return adamWChunks(args, begin, end)
    case id.JOB_SUM_SQUARES:
      return sumSquaresChunks(args, begin, end)
    case id.JOB_DROPOUT:
      return dropoutBlocks(args, begin, end)
    case id.JOB_POINTWISE:
      return pointwiseUnits(args, begin, end)
    case id.JOB_POINTWISE_GRADIENT:
      return pointwiseGradientUnits(args, begin, end)
    case id.JOB_NORMALIZE:
      return normalizeRows(args, begin, end)
    case id.JOB_NORMALIZE_GRADIENT:
      return normalizeGradientBlocks(args, begin, end)
    case id.JOB_DECODER_FORWARD:
      return decoderRows(args, begin, end)
    case id.JOB_DECODER_BACKWARD:
      return decoderRowsBack(args, begin, end)
    case id.JOB_DECODER_WEIGHTS:
      return decoderWeightColumns(args, begin, end)
    case id.JOB_ATTENTION:
      return attentionTasks(args, begin, end)
    case id.JOB_ATTENTION_GRADIENT:
      return attentionGradientTasks(args, begin, end)
    case id.JOB_SGD:
      return sgdChunks(args, begin, end)
    default:
      unreachable()
  }
}
