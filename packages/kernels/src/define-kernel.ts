import {
  type GradConfig,
  getGradient,
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerGradient,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { Heap } from './heap.ts'

/** One call of a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap
  readonly attrs: NamedAttrMap
  readonly heap: Heap
  /** Runs the kernel that tfjs itself brings under this name, with the same arguments. */
  stock(): TensorInfo | TensorInfo[]
  /** Runs another kernel of the backend, ours or tfjs's. The caller owns the outputs and disposes those that it does not return. */
  run(kernelName: string, inputs: NamedTensorInfoMap, attrs?: NamedAttrMap): TensorInfo
}

/** A kernel of the 'wasm' backend, as a value; `useWasm` registers it. */
export interface WasmKernel {
  readonly kernelName: string
  readonly run: (call: KernelCall) => TensorInfo | TensorInfo[]
  readonly gradient?: KernelGradient
}

/** The gradient of a kernel of our own. The kernels of tfjs have theirs already. */
export type KernelGradient = Omit<GradConfig, 'kernelName'>

/**
 * Describes a kernel that replaces tfjs's one of the same name or adds one.
 *
 * `run` checks shapes and dtypes first and throws a `KernelError` for what it cannot do; only then it asks the heap for
 * addresses. Every address that it hands to WebAssembly must come from `heap.addressOf` or `heap.makeOutput`.
 */
export function defineKernel(kernelName: string, run: WasmKernel['run'], gradient?: KernelGradient): WasmKernel {
  return { kernelName, run, ...(gradient && { gradient }) }
}

/**
 * Puts kernels in place of tfjs's own for the backend that `heap` belongs to.
 *
 * @param explain turns the error of a kernel into the one that its caller sees
 */
export function registerKernels(
  kernels: readonly WasmKernel[],
  heap: Heap,
  explain: (error: unknown) => unknown = (error) => error,
): void {
  const runOther: KernelCall['run'] = (name, inputs, attrs = {}) =>
    getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend: heap.backend }) as TensorInfo
  for (const { kernelName, run, gradient } of kernels) {
    const stock = getKernel(kernelName, 'wasm') as KernelConfig | undefined
    if (stock !== undefined) unregisterKernel(kernelName, 'wasm')
    registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs = {}, backend }) => {
        try {
          return run({
            inputs,
            attrs,
            heap,
            stock: () => stock!.kernelFunc({ inputs, attrs, backend }),
            run: runOther,
          })
        } catch (error) {
          throw explain(error)
        }
      },
    })
    if (gradient !== undefined && getGradient(kernelName) == null) registerGradient({ kernelName, ...gradient })
  }
}
