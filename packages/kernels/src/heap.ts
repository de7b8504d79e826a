import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { KernelError } from './errors.ts'
import { argumentBytes, KernelExports, type RawExports, type Words } from './generated/exports.ts'

/** tfjs's module object, with members that its declared type leaves out. */
export interface TfjsModule extends Words {
  readonly asm: { readonly memory: WebAssembly.Memory }
  readonly HEAPU8: Uint8Array
  _malloc(bytes: number): number
  _free(address: number): void
}

const ADDRESS_SPACE = 2 ** 32

// A cache line.
const ALIGNMENT = 64

/** tfjs's memory as kernels see it: addresses of tensors, new tensors, and our functions that work on them. */
export class Heap {
  readonly exports: KernelExports
  readonly backend: BackendWasm
  /** How many threads share large operations. */
  threads = 1
  readonly #tfjs: TfjsModule
  readonly #allocated = new Map<number, number>()

  constructor(backend: BackendWasm, exports: RawExports) {
    this.backend = backend
    this.#tfjs = backend.wasm as unknown as TfjsModule
    this.exports = new KernelExports(exports, this.#tfjs, this.allocate(argumentBytes))
  }

  /** Views of the whole memory, for the writers of generated/exports.ts. */
  get words(): Words {
    return this.#tfjs
  }

  /** The byte address of a tensor. Stays right until the tensor is disposed, also when the memory grows. */
  addressOf(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset
  }

  /**
   * A new tensor of unspecified content.
   *
   * @throws HeddleError `backend` when the memory (4 GiB at most) is full
   */
  makeOutput(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    // tfjs asks for the size modulo 2^32 and would get a small piece of memory for a larger tensor.
    if (sizeOf(shape) * (dtype === 'bool' ? 1 : 4) >= ADDRESS_SPACE)
      throw outOfMemory(`a tensor of shape [${shape.join(', ')}]`)
    const tensor = this.backend.makeOutput(shape as number[], dtype)
    if (this.addressOf(tensor) === 0 && shape.every((size) => size > 0)) {
      this.backend.disposeData(tensor.dataId)
      throw outOfMemory(`a tensor of shape [${shape.join(', ')}]`)
    }
    return tensor
  }

  dispose(tensor: TensorInfo): void {
    this.backend.disposeData(tensor.dataId)
  }

  /** Working memory on a 64-byte boundary, until `free`. */
  allocate(bytes: number, zeroed = false): number {
    const start = this.#tfjs._malloc(bytes + ALIGNMENT) >>> 0
    if (start === 0) throw outOfMemory(`${bytes} bytes of working memory`)
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
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const n of shape) size *= n
  return size
}

function outOfMemory(what: string): KernelError {
  return new KernelError(
    'backend',
    `wasm: no memory left for ${what}; WebAssembly memory ends at 4 GiB. Dispose tensors, or use smaller batches.`,
  )
}
