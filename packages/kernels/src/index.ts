export { type UseWasmOptions, useWasm, type WasmDescription } from './use-wasm.ts'
