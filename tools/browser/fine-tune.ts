import { createRegistry, type FileFolder, RandomStream } from '@heddle/core'
import { stdPlugins } from '@heddle/std'
import { koreanReviews } from '@heddle/synthetic'
import { textClassification } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'

export const STEPS = 20

export interface FineTuned {
  /** Of each step. */
  readonly losses: readonly number[]
  /** Tensors and bytes of WebAssembly's memory after everything is disposed. */
  readonly tensors: number
  readonly wasmBytes: number
  readonly milliseconds: number
}

/** Fine-tunes all layers of a BERT on labelled reviews for a few steps, and disposes it. */
export async function fineTune(folder: FileFolder): Promise<FineTuned> {
  const start = performance.now()
  const losses: number[] = []
  const task = await textClassification.fromPretrained(folder, {
    registry: createRegistry(stdPlugins),
    rng: new RandomStream(1),
    config: {
      training: {
        ...{ steps: STEPS, batchSize: 16, learningRate: 5e-4 },
        schedule: { type: 'warmup', steps: 4, schedule: { type: 'linear' } },
      },
    },
  })
  const rows = koreanReviews(48, new RandomStream(2))
  await task.fit(rows, { events: { onStep: ({ loss }) => losses.push(loss) } })
  task.dispose()
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }
  const { numTensors: tensors } = tf.memory()
  return { losses, tensors, wasmBytes: wasm.HEAPU8.buffer.byteLength, milliseconds: performance.now() - start }
}
