import {
  type GradConfig,
  getGradient,
  getKernel,
  getKernelsForBackend,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerGradient,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { Allocations } from './allocations.ts'
import type { Heap } from './heap.ts'

/** One call of a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap
  readonly attrs: NamedAttrMap
  readonly heap: Heap
  /** Runs another kernel of the backend, ours or tfjs's. The caller owns the outputs and disposes those that it does not return. */
  run(kernelName: string, inputs: NamedTensorInfoMap, attrs?: NamedAttrMap): TensorInfo
}

/** One call of a kernel that tfjs brings under the same name. */
interface GuardedCall extends KernelCall {
  /** Runs tfjs's own kernel with the same arguments. */
  stock(): TensorInfo | TensorInfo[]
}

/** A kernel of the 'wasm' backend, as a value; `useWasm` registers it. */
export interface WasmKernel {
  readonly kernelName: string
  readonly run: (call: GuardedCall) => TensorInfo | TensorInfo[]
  readonly gradient?: KernelGradient
  /** Whether tfjs's own kernel of this name still runs. The functions of those that never do are left out of its binary. */
  readonly usesStock: boolean
}

/** The gradient of a kernel of our own. The kernels of tfjs have theirs already. */
export type KernelGradient = Omit<GradConfig, 'kernelName'>

/**
 * Describes a kernel that replaces tfjs's one of the same name or adds one.
 *
 * `run` checks shapes and dtypes first and throws a `KernelError` for what it cannot do; only then it asks the heap for
 * addresses. Every address that it hands to WebAssembly must come from `heap.addressOf` or `heap.makeOutput`.
 */
export function defineKernel(
  kernelName: string,
  run: (call: KernelCall) => TensorInfo | TensorInfo[],
  gradient?: KernelGradient,
): WasmKernel {
  return { kernelName, run, usesStock: false, ...(gradient && { gradient }) }
}

/** As {@link defineKernel}, of a kernel that leaves some calls to tfjs's own of the same name. */
export function guardKernel(kernelName: string, run: WasmKernel['run']): WasmKernel {
  return { kernelName, run, usesStock: true }
}

/**
 * Puts kernels in place of tfjs's own for the backend that `heap` belongs to, and guards the others: a kernel that throws
 * leaves no tensor behind.
 *
 * @param explain turns the error of a kernel into the one that its caller sees
 */
export function registerKernels(
  kernels: readonly WasmKernel[],
  heap: Heap,
  allocations: Allocations,
  explain: (error: unknown) => unknown = (error) => error,
): void {
  const runOther: KernelCall['run'] = (name, inputs, attrs = {}) =>
    getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend: heap.backend }) as TensorInfo
  const put = (kernelName: string, kernelFunc: KernelFunc) => {
    if (getKernel(kernelName, 'wasm') != null) unregisterKernel(kernelName, 'wasm')
    registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: (call) => {
        const entered = allocations.enter()
        try {
          return kernelFunc(call)
        } catch (error) {
          allocations.undo(entered)
          throw explain(error)
        } finally {
          allocations.leave()
        }
      },
    })
  }
  const ours = new Set(kernels.map(({ kernelName }) => kernelName))
  for (const { kernelName, kernelFunc } of getKernelsForBackend('wasm')) {
    if (!ours.has(kernelName)) put(kernelName, kernelFunc)
  }
  for (const { kernelName, run, gradient } of kernels) {
    const stock = getKernel(kernelName, 'wasm')?.kernelFunc
    put(kernelName, (call) =>
      run({ inputs: call.inputs, attrs: call.attrs ?? {}, heap, stock: () => stock!(call), run: runOther }),
    )
    if (gradient !== undefined && getGradient(kernelName) == null) registerGradient({ kernelName, ...gradient })
  }
}
