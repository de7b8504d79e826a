import type { Plugin } from '@heddle/core'
import { attentionDemonstration } from './attention/demonstrate-attention.ts'
import {
  attentionInspection,
  changesInspection,
  gradientFlowInspection,
  logitLensInspection,
  masksInspection,
  projectionInspection,
  unitsInspection,
} from './inspections.ts'

/** The ways of looking inside a model, and the attention heads in the reports of runs. */
export const inspectPlugin: Plugin = {
  name: '@heddle/inspect',
  contributes: [
    unitsInspection,
    gradientFlowInspection,
    attentionInspection,
    logitLensInspection,
    masksInspection,
    projectionInspection,
    changesInspection,
    attentionDemonstration,
  ],
}
