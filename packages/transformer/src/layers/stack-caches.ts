import { emptyCache, type KeyValueCache } from '@heddle/attention'
import * as tf from '@tensorflow/tfjs-core'

// L layers, B batch, R rows of a memory, G key-value heads, C room for steps, S steps, K size of a head

/**
 * Keys and values that the layers of a stack keep: a cache for each layer, or one memory for all of them that a kernel writes. Plain
 * data; {@link selectRows} reorders it.
 */
export interface StackCaches {
  /** Number of steps read. */
  readonly length: number
  /** First step of each row, [B]; the steps before it are padding. */
  readonly starts?: Int32Array
  /** Caches of the layers, bottom to top. */
  readonly layers?: readonly KeyValueCache[]
  readonly shared?: SharedCaches
}

/** The caches of a kernel for a whole stack. */
interface SharedCaches {
  /** The weights of the layers in the kernel's layout, for the next step. */
  readonly weights: tf.Tensor
  /** [L, 2, R, G, C, K]: keys and values of each layer. */
  readonly memory: tf.Tensor
  /** Rows of the memory in which the first `steps` steps lie, [B, steps]; later ones lie in the row of the batch. */
  readonly origins?: { readonly rows: Int32Array; readonly steps: number }
}

export function emptyStack(L: number, starts?: Int32Array): StackCaches {
  const late = starts && { starts }
  return { length: 0, layers: Array.from({ length: L }, () => ({ ...emptyCache, ...late })), ...late }
}

/** The cache of each layer, for B rows. */
export function cachesOf({ length, starts, layers, shared }: StackCaches, B: number): readonly KeyValueCache[] {
  if (shared === undefined) return layers!
  const [L, , R, G, C, K] = shared.memory.shape as [number, number, number, number, number, number]
  const { rows, steps } = shared.origins ?? { rows: new Int32Array(), steps: 0 }
  const indices = new Int32Array(L * 2 * B * G * length)
  let i = 0
  for (let plane = 0; plane < 2 * L; plane++) {
    for (let b = 0; b < B; b++) {
      for (let g = 0; g < G; g++) {
        for (let s = 0; s < length; s++) {
          const row = s < steps ? rows[b * steps + s]! : b
          indices[i++] = ((plane * R + row) * G + g) * C + s
        }
      }
    }
  }
  const all = tf.gather(tf.reshape(shared.memory, [L * 2 * R * G * C, K]), tf.tensor1d(indices, 'int32'))
  const planes = tf.unstack(tf.reshape(all, [L * 2, B, G, length, K])) // each [B, G, S, K]
  return Array.from({ length: L }, (_, l) => ({
    ...{ keys: [planes[2 * l]!], values: [planes[2 * l + 1]!], length },
    ...(starts && { starts }),
  }))
}

/**
 * Caches whose row i is row `rows[i]` of those given. Nothing is copied where a kernel holds them: a table says in which row a step
 * lies.
 */
export function selectRows(caches: StackCaches, rows: readonly number[]): StackCaches {
  const { length, layers, shared } = caches
  const starts = caches.starts && { starts: Int32Array.from(rows, (row) => caches.starts![row]!) }
  if (shared === undefined) {
    const index = tf.tensor1d(Int32Array.from(rows), 'int32')
    const gathered = (chunks: readonly tf.Tensor[]) => chunks.map((chunk) => tf.gather(chunk, index))
    return {
      ...{ length, ...starts },
      layers: layers!.map(({ keys, values, ...cache }) => ({
        ...{ ...cache, ...starts },
        keys: gathered(keys),
        values: gathered(values),
      })),
    }
  }
  const before = shared.origins ?? { rows: new Int32Array(), steps: 0 }
  const origins = new Int32Array(rows.length * length)
  for (const [i, row] of rows.entries()) {
    origins.set(before.rows.subarray(row * before.steps, (row + 1) * before.steps), i * length)
    origins.fill(row, i * length + before.steps, (i + 1) * length)
  }
  return { ...{ length, ...starts }, shared: { ...shared, origins: { rows: origins, steps: length } } }
}
