export { allKernels } from './all-kernels.ts'
export { defineKernel, type KernelCall, type WasmKernel } from './define-kernel.ts'
export { Heap, sizeOf } from './heap.ts'
export { type UseWasmOptions, useWasm, type WasmDescription } from './use-wasm.ts'
