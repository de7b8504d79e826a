export {
  type Distance,
  distance,
  expectClose,
  GRADIENT_TOLERANCE,
  type Tolerance,
  VALUE_TOLERANCE,
} from './close.ts'
export { type EncoderContract, encoderContract } from './encoder-contract.ts'
export { type GradientCheckOptions, gradientCheck } from './gradient-check.ts'
export { type LayerContract, layerContract, randomTensor } from './layer-contract.ts'
export { type PluginContract, pluginContract } from './plugin-contract.ts'
export { useCpu } from './use-cpu.ts'
