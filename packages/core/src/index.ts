export { concatenate } from './concatenate.ts'
export { type ConfigSchema, type JsonSchema, jsonSchemaOf, parseConfig } from './config.ts'
export { crc32, crc32c } from './crc.ts'
export { HeddleError, type HeddleErrorCode, isHeddleError } from './errors.ts'
export { abortableFolder, type FileFolder, fileOfBlob, fileOfBytes, openFile, type RandomAccessFile } from './files.ts'
export { editDistance, nearestNames, suggest } from './nearest.ts'
export { periodicYield } from './periodic-yield.ts'
export { philox4x32 } from './philox.ts'
export { encodeProto, type ProtoField, type ProtoMessage } from './proto.ts'
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
export { type OpenSafetensors, openSafetensors } from './safetensors/open-safetensors.ts'
export { floatTensor, intTensor, type RawTensor, type SafetensorsDtype } from './safetensors/raw-tensor.ts'
export { readSafetensors, type SafetensorsFile } from './safetensors/read-safetensors.ts'
export { sourceOfTensors, type TensorSource } from './safetensors/tensor-source.ts'
export { takeValues, tensorValues } from './safetensors/tensor-values.ts'
export { writeSafetensors } from './safetensors/write-safetensors.ts'
export { show } from './show.ts'
export { atOnce, inTurns, mapInTurns, type Turns } from './turns.ts'
export { yieldToEvents } from './yield-to-events.ts'
