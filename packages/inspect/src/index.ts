export { attentionFlow } from './attention/attention-flow.ts'
export type {
  AttentionHead,
  AttentionHeadsExhibit,
  AttentionLayer,
  AttentionStack,
  WeightMatrix,
} from './attention/attention-heads.ts'
export { type HeadAttentionOptions, headAttention } from './attention/head-attention.ts'
export { type HeadFigures, headFigures } from './attention/head-figures.ts'
export { inspectAttention, type WrittenAttention } from './attention/inspect-attention.ts'
export { attentionRollout } from './attention/rollout.ts'
export { type WeightChange, type WeightChangesExhibit, weightChanges } from './changes/weight-changes.ts'
export {
  type GradientCurve,
  type GradientFlowExhibit,
  type GradientFlowOptions,
  gradientFlowStudy,
} from './gradient-flow-study.ts'
export { type HiddenStates, hiddenStates, type LayerStates, type ObservedState } from './hidden-states.ts'
export { type InspectUnitsOptions, inspectUnits, type SelectiveUnitsExhibit } from './inspect-units.ts'
export { type Inspection, type InspectionContext, inspectionPoint } from './inspection.ts'
export {
  type LensCell,
  type LensLayer,
  type LogitLensExhibit,
  type LogitLensOptions,
  logitLens,
} from './lens/logit-lens.ts'
export { type MaskProbeExhibit, type MaskProbeOptions, maskProbe, type ProbedToken } from './lens/mask-probe.ts'
export { inspectPlugin } from './plugin.ts'
export { type PrincipalComponents, principalComponents } from './projection/principal-components.ts'
export {
  type ProjectedPoint,
  type ProjectionExhibit,
  type ProjectionPanel,
  type ProjectVectorsOptions,
  projectVectors,
} from './projection/project-vectors.ts'
export { type SelectiveUnit, type SelectiveUnitsOptions, selectiveUnits } from './selective-units.ts'
export { spectralRadius } from './spectral-radius.ts'
export { type TextProperty, textProperties } from './text-properties.ts'
