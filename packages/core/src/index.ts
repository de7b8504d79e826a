export { type ConfigSchema, type JsonSchema, jsonSchemaOf, parseConfig } from './config.ts'
export { HeddleError, type HeddleErrorCode, isHeddleError, show } from './errors.ts'
export { editDistance, nearestNames, suggest } from './nearest.ts'
export { periodicYield } from './periodic-yield.ts'
export { philox4x32 } from './philox.ts'
export { type RandomState, RandomStream } from './random.ts'
export {
  type AnyContribution,
  type Contribution,
  createRegistry,
  type Definition,
  ExtensionPoint,
  type PartSpec,
  type Plugin,
  type PluginOption,
  type Registry,
} from './registry.ts'
export {
  floatTensor,
  intTensor,
  type RawTensor,
  readSafetensors,
  type SafetensorsDtype,
  type SafetensorsFile,
  tensorValues,
  writeSafetensors,
} from './safetensors.ts'
export { yieldToEvents } from './yield-to-events.ts'
