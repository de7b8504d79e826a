import * as z from 'zod'
import { inspectAttention } from './attention/inspect-attention.ts'
import { gradientFlowStudy } from './gradient-flow-study.ts'
import { inspectUnits } from './inspect-units.ts'
import { inspectionPoint } from './inspection.ts'
import { logitLens } from './lens/logit-lens.ts'

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
    () =>
      inspectUnits(task, text, {
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
    () =>
      gradientFlowStudy(task, cell === undefined ? {} : { cell }),
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
    () =>
      inspectAttention(task, text, options),
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
    () =>
      logitLens(task, text, options),
})
