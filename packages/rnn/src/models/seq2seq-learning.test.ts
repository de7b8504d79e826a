import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, type Parameter, valueAndGradients } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rnnPlugin } from '../plugin.ts'
import { RecurrentSeq2Seq } from './seq2seq.ts'

const [B, S, V] = [16, 3, 6]

/** Random words of three letters, to be written backwards; letter 0 starts a target. */
function batch(rng: RandomStream) {
  const words = Array.from({ length: B }, () => Array.from({ length: S }, () => 1 + rng.integer(V - 1)))
  const ids = (rows: number[][]) => tf.tensor(rows.flat(), [B, S], 'int32')
  const backwards = words.map((word) => word.toReversed())
  return { source: ids(words), input: ids(backwards.map((word) => [0, ...word.slice(0, -1)])), output: ids(backwards) }
}

function accuracyAfterTraining(attention: 'additive' | null, steps: number): number {
  const rng = new RandomStream(7)
  const model = RecurrentSeq2Seq.create(
    {
      source: { vocabSize: V },
      target: { vocabSize: V },
      embeddingSize: 8,
      hiddenSize: 16,
      attention,
      style: 'bahdanau',
      bridge: 'zeros',
    },
    { rng, registry: createRegistry([attentionPlugin, rnnPlugin]) },
  )
  const squares = new Map<Parameter, tf.Tensor>()
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const { source, input, output } = batch(rng)
      const loss = () => crossEntropy(model.forward(source, undefined, input).logits, output)
      for (const [parameter, gradient] of valueAndGradients(model, loss).gradients) {
        const before = squares.get(parameter) ?? tf.zerosLike(gradient)
        const square = tf.keep(tf.add(tf.mul(before, 0.9), tf.mul(tf.square(gradient), 0.1)))
        before.dispose()
        squares.set(parameter, square)
        parameter.assign(tf.sub(parameter.value, tf.div(tf.mul(gradient, 0.02), tf.add(tf.sqrt(square), 1e-6))))
      }
    })
  }
  const { source, input: given, output } = batch(rng)
  const { logits } = model.forward(source, undefined, given)
  return tf.mean(tf.cast(tf.equal(tf.argMax(logits, -1), output), 'float32')).dataSync()[0]!
}

describe('a decoder that starts from zeros', () => {
  beforeAll(useCpu)

  it('learns to write a source backwards through attention', () => {
    expect(accuracyAfterTraining('additive', 120)).toBeGreaterThan(0.75)
  })

  it('cannot do so without attention, since nothing else brings the source over', () => {
    expect(accuracyAfterTraining(null, 60)).toBeLessThan(0.5)
  })
})
