import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { DataType } from '@tensorflow/tfjs-core'
import { KernelError } from './errors.ts'

const ADDRESS_SPACE = 2 ** 32

/**
 * Memory that has to stay free for tfjs's own C++ code, which allocates its table of tensors and small vectors without a check.
 * A large tensor must leave more of it than a small one, so that work with small ones goes on when the memory is nearly full.
 */
const RESERVE = 16 * 2 ** 20
const LAST_RESERVE = 2 ** 20
const LARGE = 2 ** 16

/** From this size of the memory on, growing may fail, and the reserve is looked for. */
const NEARLY_FULL = ADDRESS_SPACE - 2 ** 29

/** The members of tfjs's backend and module that allocations need; their declared types leave some out. */
interface Internals {
  dataIdNextNumber: number
  readonly dataIdMap: BackendWasm['dataIdMap']
  readonly wasm: {
    readonly HEAPU8: Uint8Array
    _malloc(bytes: number): number
    _free(address: number): void
    readonly tfjs: { registerTensor(id: number, size: number, address: number): void }
  }
  move(dataId: object, values: ArrayBufferView | null, shape: number[], dtype: DataType, refCount: number): void
  makeOutput: BackendWasm['makeOutput']
}

/**
 * Every allocation of tfjs's wasm backend, checked.
 *
 * tfjs asks for the size of a tensor modulo 2^32 and writes to address 0 when the memory is full. In place of its `move` and
 * `makeOutput`, ours refuse sizes that the memory cannot have, before they touch anything, and throw when it is full.
 */
export class Allocations {
  readonly #backend: Internals
  /** Data of the kernel calls that run now, in the order in which they were made. */
  readonly #made: object[] = []
  #depth = 0
  /** Size of the memory from which on the reserve is looked for. */
  #nearlyFull = NEARLY_FULL

  /** Takes the place of the backend's own allocation. */
  constructor(backend: BackendWasm) {
    this.#backend = backend as unknown as Internals
    const { makeOutput, move } = this.#backend
    this.#backend.move = (dataId, values, shape, dtype, refCount) => {
      if (dtype === 'string') move.call(backend, dataId, values, shape, dtype, refCount)
      else this.#move(dataId, values, shape, dtype, refCount)
      if (this.#depth > 0) this.#made.push(dataId)
    }
    this.#backend.makeOutput = (shape, dtype, memoryOffset, values) => {
      if (memoryOffset == null && dtype !== 'string') {
        const dataId = { id: this.#backend.dataIdNextNumber++ }
        this.#move(dataId, (values ?? null) as ArrayBufferView | null, shape, dtype, 1)
        if (this.#depth > 0) this.#made.push(dataId)
        return { dataId, shape, dtype }
      }
      // C++ returns addresses above 2^31 as negative numbers.
      const address = memoryOffset == null ? undefined : memoryOffset >>> 0
      const tensor = makeOutput.call(backend, shape, dtype, address, values)
      if (address !== undefined && this.#depth > 0) this.#made.push(tensor.dataId)
      return tensor
    }
  }

  /**
   * The address of newly allocated memory.
   *
   * @param shape of the tensor that it is for, or undefined for working memory
   * @throws HeddleError `backend` when the memory (4 GiB at most) is full
   */
  allocate(bytes: number, shape?: readonly number[]): number {
    const { wasm } = this.#backend
    const address = bytes < ADDRESS_SPACE - RESERVE ? this.#malloc(bytes) : 0
    if (address === 0) {
      // A page may get less memory than the address space.
      this.#nearlyFull = Math.min(this.#nearlyFull, wasm.HEAPU8.length)
      throw outOfMemory(bytes, shape)
    }
    if (wasm.HEAPU8.length >= this.#nearlyFull) {
      const reserve = this.#malloc(bytes < LARGE ? LAST_RESERVE : RESERVE)
      wasm._free(reserve)
      if (reserve === 0) {
        wasm._free(address)
        throw outOfMemory(bytes, shape)
      }
    }
    return address
  }

  /**
   * Like malloc, the address of new memory, or 0.
   *
   * tfjs's malloc takes a free stretch of memory for long enough when its address plus `bytes` is beyond 2^32, since it adds modulo
   * 2^32. Such a stretch is kept until another one is found, and given back.
   */
  #malloc(bytes: number): number {
    const { wasm } = this.#backend
    let address = wasm._malloc(bytes) >>> 0
    if (address + bytes <= wasm.HEAPU8.length) return address
    const tooShort: number[] = []
    while (address !== 0 && address + bytes > wasm.HEAPU8.length) {
      tooShort.push(address)
      address = wasm._malloc(bytes) >>> 0
    }
    for (const each of tooShort) wasm._free(each)
    return address
  }

  /** Begins a kernel; `leave` ends it. What it makes until then belongs to it. */
  enter(): number {
    this.#depth++
    return this.#made.length
  }

  /** Gives back the tensors that a kernel has made before it failed. */
  undo(entered: number): void {
    for (const dataId of this.#made.splice(entered)) this.#discard(dataId)
  }

  leave(): void {
    if (--this.#depth === 0) this.#made.length = 0
  }

  #discard(dataId: object): void {
    const backend = this.#backend as unknown as BackendWasm
    if (backend.dataIdMap.has(dataId)) backend.disposeData(dataId, true)
  }

  #move(dataId: object, values: ArrayBufferView | null, shape: number[], dtype: DataType, refCount: number): void {
    const backend = this.#backend
    const size = checkedSize(shape)
    const bytes = size * (dtype === 'bool' ? 1 : 4)
    if (values != null && values.byteLength < bytes) {
      throw new KernelError(
        'shape',
        `wasm: expected ${size} values for a tensor of shape [${shape.join(', ')}], got ${values.byteLength} bytes of them.`,
      )
    }
    const address = this.allocate(bytes, shape)
    const id = backend.dataIdNextNumber++
    backend.dataIdMap.set(dataId, { id, memoryOffset: address, shape, dtype, refCount } as never)
    backend.wasm.tfjs.registerTensor(id, size, address)
    if (values != null) backend.wasm.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, bytes), address)
  }
}

/** @throws HeddleError `shape` for sizes that are no numbers of elements: what a window larger than its picture leads to */
function checkedSize(shape: readonly number[]): number {
  let size = 1
  let valid = true
  for (const n of shape) {
    valid &&= Number.isInteger(n) && n >= 0
    size *= n
  }
  if (valid) return size
  throw new KernelError(
    'shape',
    `wasm: expected a shape of integers from 0 on, got [${shape.join(', ')}]. Check the sizes and attributes of the operation.`,
  )
}

function outOfMemory(bytes: number, shape: readonly number[] | undefined): KernelError {
  const purpose = shape === undefined ? `${bytes} bytes of working memory` : `a tensor of shape [${shape.join(', ')}]`
  return new KernelError(
    'backend',
    `wasm: no memory left for ${purpose}; WebAssembly memory ends at 4 GiB. Dispose tensors, or use smaller batches.`,
  )
}
