export {
  type GradientCurve,
  type GradientFlowExhibit,
  type GradientFlowOptions,
  gradientFlowStudy,
} from './gradient-flow-study.ts'
export { type HiddenStates, hiddenStates, type LayerStates, type ObservedState } from './hidden-states.ts'
export { inspectAttention, type WrittenAttention } from './inspect-attention.ts'
export { type InspectUnitsOptions, inspectUnits, type SelectiveUnitsExhibit } from './inspect-units.ts'
export { type SelectiveUnit, type SelectiveUnitsOptions, selectiveUnits } from './selective-units.ts'
export { spectralRadius } from './spectral-radius.ts'
export { type TextProperty, textProperties } from './text-properties.ts'
