import { RandomStream } from '@heddle/core'
import { Dropout, Linear, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import {
  AdamW,
  type BatchSource,
  CarriedState,
  type Objective,
  type ObjectiveContext,
  onPlateau,
  type RunStore,
  Trainer,
  type TrainerEvents,
  type TrainerOptions,
  withWarmup,
} from '../index.ts'

// B parallel streams, T steps of a chunk, H features

const B = 2
const T = 3

/** A chunk of B parallel signals with the value that follows each, [B][T + 1]. */
type Chunk = readonly (readonly number[])[]

class Recurrence extends Module {
  readonly input: Linear
  readonly recurrent: Linear
  readonly dropout: Dropout
  readonly output: Linear

  constructor(rng: RandomStream) {
    super()
    this.input = new Linear({ inputSize: 1, outputSize: 8 }, rng)
    this.recurrent = new Linear({ inputSize: 8, outputSize: 8 }, rng)
    this.dropout = new Dropout({ rate: 0.2 }, rng)
    this.output = new Linear({ inputSize: 8, outputSize: 1 }, rng)
  }

  /** @param x [B, T] */
  forward(x: tf.Tensor, state: tf.Tensor) {
    const predictions: tf.Tensor[] = []
    for (let t = 0; t < T; t++) {
      const xt = tf.slice(x, [0, t], [-1, 1]) // [B, 1]
      state = tf.tanh(tf.add(this.input.forward(xt), this.recurrent.forward(state))) // [B, H]
      predictions.push(this.output.forward(this.dropout.forward(state)))
    }
    return { predictions: tf.concat(predictions, 1), state } // [B, T]
  }
}

/** Predicts the next value of signals, with the state carried from chunk to chunk and noise from the objective's own stream. */
class NextValue implements Objective<Chunk, { x: tf.Tensor; y: tf.Tensor }> {
  readonly rng = new RandomStream(77)
  readonly #model: Recurrence
  readonly #carried = new CarriedState()

  constructor(model: Recurrence) {
    this.#model = model
  }

  collate([chunk]: readonly Chunk[]) {
    return {
      x: tf.tensor2d(chunk!.map((row) => row.slice(0, T).map((value) => value + 0.01 * this.rng.normal()))),
      y: tf.tensor2d(chunk!.map((row) => row.slice(1))),
    }
  }

  loss({ x, y }: { x: tf.Tensor; y: tf.Tensor }, _?: ObjectiveContext) {
    const { predictions, state } = this.#model.forward(x, this.#carried.tensors?.[0] ?? tf.zeros([B, 8]))
    this.#carried.replace([state])
    return { loss: tf.mean(tf.square(tf.sub(predictions, y))) as tf.Scalar, weight: B * T }
  }

  state = () => this.#carried.state()
  restore = (state: Parameters<CarriedState['restore']>[0]) => this.#carried.restore(state)
  dispose(batch: { x: tf.Tensor; y: tf.Tensor }) {
    tf.dispose([batch.x, batch.y])
  }
}

function chunks(count: number, phase: number): Chunk[] {
  return Array.from({ length: count }, (_, n) =>
    Array.from({ length: B }, (_, b) =>
      Array.from({ length: T + 1 }, (_, t) => Math.sin(0.4 * (n * T + t) + b + phase)),
    ),
  )
}

/** Draws a random chunk each time, so that its position is a random stream's state. */
class RandomChunks implements BatchSource<Chunk> {
  readonly #rng = new RandomStream(4)
  readonly #chunks = chunks(20, 0)
  #drawn = 0
  readonly batchesPerEpoch = 20

  get epoch(): number {
    return Math.floor(this.#drawn / this.batchesPerEpoch)
  }

  next(): Chunk[] {
    this.#drawn++
    return [this.#rng.pick(this.#chunks)]
  }

  state(): unknown {
    return { drawn: this.#drawn, rng: this.#rng.state() }
  }

  restore(state: unknown): void {
    const saved = state as { drawn: number; rng: ReturnType<RandomStream['state']> }
    this.#drawn = saved.drawn
    this.#rng.restore(saved.rng)
  }
}

/** Settings that a test may change. */
export type StreamRunOptions = Partial<
  Pick<TrainerOptions<Chunk, unknown>, 'evaluateEvery' | 'keepBest' | 'schedule' | 'recorders' | 'logHistograms'>
>

/** A run with everything that has a state: dropout, an objective with noise and carried tensors, an adaptive schedule, averages. */
export function streamRun(store: RunStore, steps: number, events: TrainerEvents = {}, options: StreamRunOptions = {}) {
  const model = new Recurrence(new RandomStream(8))
  const objective = new NextValue(model)
  const trainer = new Trainer({
    model,
    objective,
    train: new RandomChunks(),
    validation: chunks(3, 0.5),
    validationBatchSize: 1,
    optimizer: new AdamW(model),
    schedule: withWarmup(onPlateau(0.02, { factor: 0.9, patience: 0, mode: 'min' }), 3),
    steps,
    clipNorm: 1,
    evaluateEvery: 4,
    checkpointEvery: 3,
    weightAveraging: { type: 'ema', decay: 0.8 },
    resume: true,
    store,
    events,
    ...options,
  })
  return { model, objective, trainer }
}
