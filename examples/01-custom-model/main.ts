/**
 * A model of your own from parts. The task: in a row of digits one is marked, and the model must name it after having read the whole row. The model reads digits
 * and marks through two embeddings into a GRU and classifies its last state.
 *
 * Run it: node --conditions=source examples/01-custom-model/main.ts
 */
import { RandomStream } from '@heddle/core'
import { BatchSampler } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { crossEntropy, Embedding, Linear, Module, summary } from '@heddle/layers'
import { GRU } from '@heddle/rnn'
import { AdamW, cosine, type Objective, Trainer, withWarmup } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, D model size, C classes

const T = 12
const C = 10

/** A module's public fields are its tree: each parameter's name in a checkpoint is its path, such as `gru.layers.0.forward.inputWeight`. */
class MarkedDigitModel extends Module {
  readonly digits: Embedding
  readonly marks: Embedding
  readonly gru: GRU
  readonly output: Linear

  constructor(hiddenSize: number, rng: RandomStream) {
    super()
    this.digits = new Embedding({ numEmbeddings: C, embeddingSize: 16 }, rng)
    this.marks = new Embedding({ numEmbeddings: 2, embeddingSize: 16 }, rng)
    this.gru = new GRU({ inputSize: 16, hiddenSize }, rng)
    this.output = new Linear({ inputSize: hiddenSize, outputSize: C }, rng)
  }

  /**
   * @param digits [B, T], int32
   * @param marks [B, T], int32: 1 where the digit is marked
   * @returns logits [B, C]
   */
  forward(digits: tf.Tensor, marks: tf.Tensor): tf.Tensor {
    const x = tf.add(this.digits.forward(digits), this.marks.forward(marks)) // [B, T, 16]
    const { state } = this.gru.forward(x)
    return this.output.forward(state.at(-1)![0]!)
  }
}

interface Row {
  readonly digits: readonly number[]
  readonly marked: number
}

/** The objective of training: how rows become tensors, and the loss of a batch. */
class MarkedDigitObjective implements Objective<Row, { digits: tf.Tensor; marks: tf.Tensor; labels: tf.Tensor }> {
  readonly #model: MarkedDigitModel

  constructor(model: MarkedDigitModel) {
    this.#model = model
  }

  collate(rows: readonly Row[]) {
    const marks = rows.map(({ marked }) => Array.from({ length: T }, (_, t) => Number(t === marked)))
    return {
      digits: tf.tensor2d(
        rows.map(({ digits }) => [...digits]),
        [rows.length, T],
        'int32',
      ),
      marks: tf.tensor2d(marks, [rows.length, T], 'int32'),
      labels: tf.tensor1d(
        rows.map(({ digits, marked }) => digits[marked]!),
        'int32',
      ),
    }
  }

  loss({ digits, marks, labels }: ReturnType<MarkedDigitObjective['collate']>) {
    const logits = this.#model.forward(digits, marks)
    const right = tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels)
    return {
      loss: crossEntropy(logits, labels),
      metrics: { accuracy: tf.mean(tf.cast(right, 'float32')) as tf.Scalar },
    }
  }
}

const drawRow = (rng: RandomStream): Row => ({
  digits: Array.from({ length: T }, () => rng.integer(C)),
  marked: rng.integer(T),
})

/** Trains, and returns the share of unseen rows that the model gets right. */
export async function run({ steps = 400, log = console.log as (line: string) => void } = {}): Promise<number> {
  await useWasm()
  const rng = new RandomStream(1)
  const model = new MarkedDigitModel(64, rng)
  for (const { path, kind, size } of summary(model)) log(`${path || '(model)'}: ${kind}, ${size} parameters`)

  const rows = Array.from({ length: 5000 }, () => drawRow(rng))
  const trainer = new Trainer({
    model,
    objective: new MarkedDigitObjective(model),
    train: new BatchSampler(rows.slice(500), { batchSize: 64, rng }),
    validation: rows.slice(0, 500),
    optimizer: new AdamW(model),
    schedule: withWarmup(cosine(5e-3, { steps }), 20),
    steps,
    evaluateEvery: Math.ceil(steps / 4),
    clipNorm: 1,
    events: {
      onValidation: ({ step, metrics }) => log(`step ${step}: accuracy ${(100 * metrics['accuracy']!).toFixed(1)} %`),
    },
  })
  const { best } = await trainer.train()
  trainer.dispose()
  return best!.metrics['accuracy']!
}

if (import.meta.main) await run()
