import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import type { Allocations } from './allocations.ts'
import { argumentBytes, KernelExports, type RawExports, type Words } from './generated/exports.ts'

/** tfjs's module object, with members that its declared type leaves out. */
export interface TfjsModule extends Words {
  readonly asm: { readonly memory: WebAssembly.Memory }
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(address: number): void
}

// A cache line.
const ALIGNMENT = 64

/** tfjs's memory as kernels see it: addresses of tensors, new tensors, and our functions that work on them. */
export class Heap {
  readonly exports: KernelExports
  readonly backend: BackendWasm
  /** Number of threads that share large operations. */
  threads = 1
  readonly #tfjs: TfjsModule
  readonly #allocations: Allocations
  readonly #allocated = new Map<number, number>()

  constructor(backend: BackendWasm, allocations: Allocations, exports: RawExports) {
    this.backend = backend
    this.#allocations = allocations
    this.#tfjs = backend.wasm as unknown as TfjsModule
    this.exports = new KernelExports(exports, this.#tfjs, this.allocate(argumentBytes))
  }

  /** Views of the whole memory, of words and of bytes, that hold until the memory grows. */
  get words(): Words & Pick<TfjsModule, 'HEAPU8'> {
    return this.#tfjs
  }

  /** The byte address of a tensor. Stays right until the tensor is disposed, also when the memory grows. */
  addressOf(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset
  }

  /**
   * A new tensor of unspecified content.
   *
   * @throws HeddleError `backend` when the memory (4 GiB at most) is full, `shape` for sizes that are no sizes
   */
  makeOutput(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    return this.backend.makeOutput(shape as number[], dtype)
  }

  dispose(tensor: TensorInfo): void {
    this.backend.disposeData(tensor.dataId)
  }

  /** Working memory on a 64-byte boundary, until `free`. */
  allocate(bytes: number, zeroed = false): number {
    const start = this.#allocations.allocate(bytes + ALIGNMENT)
    const address = Math.ceil(start / ALIGNMENT) * ALIGNMENT
    this.#allocated.set(address, start)
    if (zeroed) this.#tfjs.HEAPU8.fill(0, address, address + bytes)
    return address
  }

  free(address: number): void {
    this.#tfjs._free(this.#allocated.get(address)!)
    this.#allocated.delete(address)
  }

  /** The elements of a 32-bit tensor, as a view that holds until the memory grows. */
  floats(tensor: TensorInfo): Float32Array {
    return new Float32Array(this.#tfjs.HEAPU8.buffer, this.addressOf(tensor), sizeOf(tensor.shape))
  }

  ints(tensor: TensorInfo): Int32Array {
    return new Int32Array(this.#tfjs.HEAPU8.buffer, this.addressOf(tensor), sizeOf(tensor.shape))
  }

  bytes(tensor: TensorInfo): Uint8Array {
    return new Uint8Array(this.#tfjs.HEAPU8.buffer, this.addressOf(tensor), sizeOf(tensor.shape))
  }

  /** The elements of a tensor of any dtype but string. */
  values(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array {
    if (tensor.dtype === 'float32') return this.floats(tensor)
    return tensor.dtype === 'bool' ? this.bytes(tensor) : this.ints(tensor)
  }
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const n of shape) size *= n
  return size
}
