import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { checkTensor } from './check.ts'
import { shareAs } from './workspace.ts'

// L layers, B batch, R rows of a memory, G key-value heads, C room for steps, K size of a head, S steps

/** The rows of the memory in which the first `steps` steps of each row of the batch lie, [B, steps]. */
export interface Origins {
  readonly rows: Int32Array
  readonly steps: number
}

export interface CacheSizes {
  readonly L: number
  readonly B: number
  readonly G: number
  readonly K: number
}

/** Steps read so far: a memory [L, 2, R, G, C, K], or keys and values [B, G, S, K] of each layer, which are the last ones. */
export interface Steps {
  readonly length: number
  readonly memory?: TensorInfo | undefined
  readonly origins?: Origins | undefined
  readonly layers: readonly (readonly [keys: TensorInfo, values: TensorInfo])[]
}

/** A cache starts with room for this number of steps. */
const SMALLEST_ROOM = 64

/**
 * A memory with room for the step after the last, which the caller writes: the same one where nobody else has written that step,
 * a copy otherwise.
 *
 * @returns the memory, and the origins that still hold: a copy has each row in its place
 */
export function roomForStep(
  heap: Heap,
  steps: Steps,
  { L, B, G, K }: CacheSizes,
): { memory: TensorInfo; origins: Origins | undefined } {
  const { length, memory, origins } = steps
  if (memory !== undefined && memory.shape[2]! >= B && claim(memory, length)) {
    return { memory: shareAs(heap, memory, memory.shape), origins }
  }
  const room = Math.max(SMALLEST_ROOM, 2 * length)
  const copy = heap.makeOutput([L, 2, B, G, room, K])
  claim(copy, length)
  const target = heap.floats(copy)
  const put = (plane: number, b: number, g: number, at: number, from: Float32Array) =>
    target.set(from, (((plane * B + b) * G + g) * room + at) * K)
  if (memory !== undefined) {
    const source = heap.floats(memory)
    const [, , R, , oldRoom] = memory.shape as [number, number, number, number, number, number]
    eachRow(2 * L, B, G, (plane, b, g) => {
      const from = (row: number, first: number, last: number) => {
        const start = ((plane * R + row) * G + g) * oldRoom
        return source.subarray((start + first) * K, (start + last) * K)
      }
      const moved = origins?.steps ?? 0
      for (let s = 0; s < moved; s++) put(plane, b, g, s, from(origins!.rows[b * moved + s]!, s, s + 1))
      put(plane, b, g, moved, from(b, moved, length))
    })
  } else {
    const sources = steps.layers.flat().map((tensor) => heap.floats(tensor))
    const S = steps.layers[0]?.[0].shape[2] ?? 0
    if (S > 0) {
      eachRow(2 * L, B, G, (plane, b, g) => {
        const start = (b * G + g) * S * K
        put(plane, b, g, length - S, sources[plane]!.subarray(start, start + S * K))
      })
    }
  }
  return { memory: copy, origins: undefined }
}

function eachRow(planes: number, B: number, G: number, visit: (plane: number, b: number, g: number) => void): void {
  for (let plane = 0; plane < planes; plane++) {
    for (let b = 0; b < B; b++) for (let g = 0; g < G; g++) visit(plane, b, g)
  }
}

/** @throws KernelError where steps do not fit the sizes */
export function checkSteps(where: string, { length, memory, origins, layers }: Steps, sizes: CacheSizes): void {
  const { L, B, G, K } = sizes
  if (memory !== undefined) {
    // Steps that lie in the row of the batch need it.
    const rows = Math.max(memory.shape[2] ?? 0, (origins?.steps ?? 0) < length ? B : 0)
    checkTensor(where, 'caches', memory, [L, 2, rows, G, Math.max(length, memory.shape[4] ?? 0), K])
  } else if (length > 0) {
    const S = layers[0]?.[0]?.shape[2] ?? 0
    for (let i = 0; i < L; i++) {
      checkTensor(where, `keys of layer ${i}`, layers[i]?.[0], [B, G, Math.min(S, length), K])
      checkTensor(where, `values of layer ${i}`, layers[i]?.[1], [B, G, Math.min(S, length), K])
    }
  }
}

/** Number of steps that have been written to a memory, by its data. */
const written = new WeakMap<object, number>()

/**
 * Takes the step after the first `length` of a memory for the caller. Each step is given away once, so that two continuations of
 * one text do not write over each other.
 *
 * @returns whether there is room and nobody had it before
 */
function claim({ shape, dataId }: TensorInfo, length: number): boolean {
  if (shape[4]! <= length || (written.get(dataId) ?? length) !== length) return false
  written.set(dataId, length + 1)
  return true
}
