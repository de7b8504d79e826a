import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, layersPlugin } from '@heddle/layers'
import { AdamW, constant, type StepEvent, Trainer } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import { TransformerLanguageModel, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { median } from '../measure.ts'
import { trainingStep } from './workloads/training-step.ts'

// B batch, T time

const [B, T, vocabSize] = [12, 64, 65]
const sizes = { hiddenSize: 128, numLayers: 4, numHeads: 4 }
/** Steps of a turn: the trainer lets events be handled every 50 ms, and writes its log every second. */
const TURN = 10
const LEAST = 10

export interface TrainerOverhead {
  /** Medians over the turns of the mean time of a step, milliseconds. */
  readonly bare: number
  readonly trainer: number
  /** Median of the differences of neighboring turns, milliseconds. */
  readonly difference: number
  readonly turns: number
}

interface Batch {
  readonly ids: tf.Tensor
  readonly labels: tf.Tensor
}

/**
 * Times what the trainer adds to a step of the workload `nanogpt`: a bare loop of forward, backward, clipping and AdamW on tensors that
 * are made beforehand, in turns of some steps with a `Trainer` on another model of the same size, with its batches, a log on the disk and
 * a handler of its events. Each turn is compared with the one before, so that a busy machine slows down both.
 */
export async function trainerOverhead(seconds: number): Promise<TrainerOverhead> {
  const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
  const config = { vocabSize, ...sizes, positions: 'learned', contextLength: T, tied: false }
  const created = () => new TransformerLanguageModel(config, { rng: new RandomStream(0), registry })
  const [bareModel, model] = [created(), created()]
  const rng = new RandomStream(1)
  const text = Int32Array.from({ length: 100_000 }, () => rng.integer(vocabSize))
  const windows = () => Array.from({ length: B }, () => rng.integer(text.length - T - 1))
  const stacked = (starts: readonly number[], shift: number) => {
    const ids = new Int32Array(B * T)
    for (const [b, start] of starts.entries()) ids.set(text.subarray(start + shift, start + shift + T), b * T)
    return tf.tensor2d(ids, [B, T], 'int32')
  }
  const collate = ([starts]: readonly number[][]): Batch => ({ ids: stacked(starts!, 0), labels: stacked(starts!, 1) })
  const lossOf = (of: TransformerLanguageModel, { ids, labels }: Batch) => crossEntropy(of.forward(ids).logits, labels)

  const fixed = collate([windows()])
  const bare = trainingStep(bareModel, B * T, () => lossOf(bareModel, fixed))
  const times: { readonly bare: number; readonly trainer: number }[] = []
  const end = performance.now() + seconds * 1000
  const controller = new AbortController()
  let [bareTime, resumed, steps] = [0, 0, 0]
  const folder = await mkdtemp(join(tmpdir(), 'heddle-overhead-'))
  let last: StepEvent | undefined
  const trainer = new Trainer<number[], Batch>({
    model,
    objective: { collate, loss: (batch) => ({ loss: lossOf(model, batch), weight: B * T }) },
    train: {
      // The steps of the trainer last from one call to another; at the end of a turn the bare loop has its own.
      async next() {
        if (steps++ % TURN === 0) {
          const asked = performance.now()
          // The first turn takes memory.
          if (steps > 2 * TURN) times.push({ bare: bareTime / TURN, trainer: (asked - resumed) / TURN })
          if (asked > end && times.length >= LEAST) controller.abort()
          for (let i = 0; i < TURN; i++) await bare.run()
          resumed = performance.now()
          bareTime = resumed - asked
        }
        return [windows()]
      },
      epoch: 0,
      batchesPerEpoch: 1_000_000,
      state: () => null,
      restore: () => {},
    },
    optimizer: new AdamW(model, { weightDecay: 0 }),
    schedule: constant(1e-3),
    clipNorm: 1,
    steps: 1_000_000,
    store: new FolderStore(folder),
    events: {
      onStep(event) {
        last = event
      },
    },
  })
  try {
    await trainer.train(controller.signal)
  } finally {
    trainer.dispose()
    bare.dispose?.()
    tf.dispose([fixed.ids, fixed.labels])
    await rm(folder, { recursive: true, force: true })
  }
  if (last === undefined) throw new Error('trainerOverhead: expected events of the steps, got none.')
  return {
    bare: median(times.map((each) => each.bare)),
    trainer: median(times.map((each) => each.trainer)),
    difference: median(times.map((each) => each.trainer - each.bare)),
    turns: times.length,
  }
}
