import * as z from 'zod'
import { inspectAttention } from './attention/inspect-attention.ts'
import { weightChanges } from './changes/weight-changes.ts'
import { gradientFlowStudy } from './gradient-flow-study.ts'
import { inspectUnits } from './inspect-units.ts'
import { inspectionPoint } from './inspection.ts'
import { logitLens } from './lens/logit-lens.ts'
import { maskProbe } from './lens/mask-probe.ts'
import { projectVectors } from './projection/project-vectors.ts'

const text = z.string().describe('a text for the model to read')
const target = z.string().optional().describe('the target of an encoder-decoder (default: the text that it writes)')

/** `heddle inspect units` */
export const unitsInspection = inspectionPoint.of({
  name: 'units',
  summary: 'color a text by the hidden units that follow its properties',
  config: z.strictObject({
    text,
    unit: z.int().min(0).optional().describe('only this unit'),
    layer: z.int().min(0).optional().describe('only units of this layer, from 0'),
    cellState: z
      .boolean()
      .default(false)
      .describe('color by tanh(c) of the cells of an LSTM language model instead of the hidden state'),
  }),
  create:
    ({ text, unit, layer, cellState }, { task }) =>
    ({ signal } = {}) =>
      inspectUnits(task, text, {
        signal,
        ...(unit !== undefined && { unit }),
        ...(layer !== undefined && { layer }),
        ...(cellState && { state: 'cell' }),
      }),
})

/** `heddle inspect gradient-flow` */
export const gradientFlowInspection = inspectionPoint.of({
  name: 'gradient-flow',
  summary: 'show how far back the gradient reaches, compared with other cells',
  config: z.strictObject({ cell: z.string().optional().describe("path of a cell (default: the model's first)") }),
  create:
    ({ cell }, { task }) =>
    ({ signal } = {}) =>
      gradientFlowStudy(task, { signal, ...(cell !== undefined && { cell }) }),
})

/** `heddle inspect attention` */
export const attentionInspection = inspectionPoint.of({
  name: 'attention',
  summary: 'show where each head of each layer attends, or a recurrent decoder over its source',
  config: z.strictObject({
    text,
    layer: z.int().min(0).optional().describe('only this layer, from 0'),
    head: z.int().min(0).optional().describe('only this head of each layer, from 0'),
    target,
    flow: z
      .boolean()
      .default(false)
      .describe('summarize the layers by attention flow instead of rollout; slow, for short texts'),
  }),
  create:
    ({ text, ...options }, { task }) =>
    ({ signal } = {}) =>
      inspectAttention(task, text, { ...options, signal }),
})

/** `heddle inspect logit-lens` */
export const logitLensInspection = inspectionPoint.of({
  name: 'logit-lens',
  summary: 'show what each layer would predict if it were the last one',
  config: z.strictObject({
    text,
    top: z.int().min(1).default(5).describe('number of tokens shown at each place'),
    target,
  }),
  create:
    ({ text, ...options }, { task }) =>
    ({ signal } = {}) =>
      logitLens(task, text, { ...options, signal }),
})

/** `heddle inspect masks` */
export const masksInspection = inspectionPoint.of({
  name: 'masks',
  summary: 'mask each token of a text in turn and show how a masked language model fills it',
  config: z.strictObject({
    text,
    place: z.int().min(0).optional().describe('only the token at this place, from 0, special tokens included'),
    top: z.int().min(1).default(5).describe('number of tokens shown at each place'),
  }),
  create:
    ({ text, ...options }, { task }) =>
    ({ signal } = {}) =>
      maskProbe(task, text, { ...options, signal }),
})

/** `heddle inspect projection` */
export const projectionInspection = inspectionPoint.of({
  name: 'projection',
  summary: 'show the vectors of a classifier in a plane, by label, also before fine-tuning',
  config: z.strictObject({
    before: z
      .string()
      .optional()
      .describe('a run whose weights the model had before, such as a pre-trained one: shown beside'),
    count: z.int().min(3).default(500).describe('number of examples, the first ones'),
    data: z
      .array(z.string())
      .default([])
      .describe("files or folders with examples instead of the held-out ones of the run's data; may be repeated"),
  }),
  create:
    ({ before: path, count, data }, { task, openRun, examples }) =>
    async ({ signal } = {}) => {
      const before = path === undefined ? undefined : await openRun(path)
      try {
        return await projectVectors(task, await examples(data), { before, count, signal })
      } finally {
        before?.dispose()
      }
    },
})

/** `heddle inspect changes` */
export const changesInspection = inspectionPoint.of({
  name: 'changes',
  summary: 'show how much each layer changed since another run of the same architecture',
  config: z.strictObject({ before: z.string().describe('the folder of the run to compare with') }),
  create:
    ({ before: path }, { task, openRun }) =>
    async ({ signal } = {}) => {
      const before = await openRun(path)
      try {
        return await weightChanges(task, before, { signal })
      } finally {
        before.dispose()
      }
    },
})
