import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ConditionalRandomField } from './conditional-random-field.ts'

const [B, T, C] = [2, 4, 3]
const CLOSE = { relative: 1e-5, absolute: 1e-5 }

const make = (rng = new RandomStream(1)) => new ConditionalRandomField({ numLabels: C }, rng)
const labels = () => tf.tensor2d([0, 2, 1, 1, 2, 0, -100, -100], [B, T], 'int32')
const lengths = () => tf.tensor1d([4, 2], 'int32')

layerContract('ConditionalRandomField', {
  make,
  inputs: (rng) => [randomTensor(rng, [B, T, C]), labels(), lengths()],
  shapes: [[B]],
})

layerContract('ConditionalRandomField with steps of any label', {
  make,
  inputs: (rng) => [
    randomTensor(rng, [B, T, C]),
    tf.tensor2d([0, -100, 1, 1, -100, 0, 0, 0], [B, T], 'int32'),
    lengths(),
  ],
  shapes: [[B]],
})

layerContract('ConditionalRandomField of single steps', {
  make,
  inputs: (rng) => [randomTensor(rng, [B, 1, C]), tf.tensor2d([0, 2], [B, 1], 'int32'), tf.tensor1d([1, 1], 'int32')],
  shapes: [[B]],
})

const sines = (shape: number[], scale: number, shift: number) =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => scale * Math.sin(shift + 1.7 * i)),
    shape,
    'float32',
  )

/** The same numbers as in the reference: a loop of torch.logsumexp, and autograd. */
function reference(): { crf: ConditionalRandomField; scores: tf.Tensor } {
  const crf = make()
  crf.transitions.assign(sines([C, C], 0.8, 0.9))
  crf.start.assign(sines([C], 0.5, 2))
  crf.end.assign(sines([C], 0.5, 4))
  return { crf, scores: sines([B, T, C], 1.5, 0.3) }
}

describe('ConditionalRandomField', () => {
  beforeAll(useCpu)

  it('has the likelihood and the gradients of a plain PyTorch implementation', () => {
    const { crf, scores } = reference()
    expectClose(crf.forward(scores, labels(), lengths()), tf.tensor1d([-7.512783, -5.802981]), CLOSE)
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(crf.forward(scores, labels(), lengths()), [1, 0.5])) as tf.Scalar,
    )
    const gradientOf = ({ value }: { value: tf.Variable }) => grads[value.name]!
    expectClose(
      gradientOf(crf.transitions),
      tf.tensor2d(
        [-0.249535, -0.434444, 0.867972, -0.051374, 0.510546, -0.804684, 0.428339, 0.918817, -1.185637],
        [C, C],
      ),
      CLOSE,
    )
    expectClose(gradientOf(crf.start), tf.tensor1d([0.225096, -0.644195, 0.419099]), CLOSE)
    expectClose(gradientOf(crf.end), tf.tensor1d([0.168533, 0.696236, -0.864769]), CLOSE)
    const gradient = tf.grad((x) => tf.sum(tf.mul(crf.forward(x, labels(), lengths()), [1, 0.5])))(scores)
    const expected = [
      [0.687702, -0.615272, -0.07243, -0.022548, -0.587693, 0.610241, -0.018555, 0.886377, -0.867821],
      [-0.101466, 0.946626, -0.845161, -0.462606, -0.028924, 0.49153, 0.269999, -0.250391, -0.019608],
      [0, 0, 0, 0, 0, 0],
    ].flat()
    expectClose(gradient, tf.tensor3d(expected, [B, T, C]), CLOSE)
  })

  it('has the marginal probabilities of all sequences, enumerated', () => {
    const { crf, scores } = reference()
    const [first, second] = crf.marginals(scores, lengths()).arraySync() as number[][][]
    expectClose(
      tf.tensor2d(first!),
      tf.tensor2d(
        [
          0.312298, 0.615272, 0.07243, 0.022548, 0.587693, 0.389759, 0.018555, 0.113623, 0.867821, 0.101466, 0.053374,
          0.845161,
        ],
        [T, C],
      ),
      CLOSE,
    )
    expectClose(
      tf.tensor2d(second!.slice(0, 2)),
      tf.tensor2d([0.925212, 0.057847, 0.016941, 0.460002, 0.500781, 0.039216], [2, C]),
      CLOSE,
    )
  })

  it('sums over the labels of a step that has none', () => {
    const { crf, scores } = reference()
    const partial = tf.tensor2d([0, -100, 1, 1, 2, 0, 0, 0], [B, T], 'int32')
    expectClose(crf.forward(scores, partial, lengths()), tf.tensor1d([-5.339723, -5.802981]), CLOSE)
    const none = tf.fill([B, T], -100, 'int32')
    expectClose(crf.forward(scores, none, lengths()), tf.zeros([B]), CLOSE)
  })

  it('stays finite where scores differ by hundreds, and gives the rest of a batch no part in a sequence', () => {
    const { crf } = reference()
    const scores = tf.tensor3d(
      [500, 0, -500, -500, 500, 0, 0, 0, 900, 0, 0, 0, 1, 2, 3, 4, 5, 6, 1e6, -1e6, 0, 9, 9, 9],
      [B, T, C],
    )
    const { value, grad } = tf.valueAndGrad((x) => tf.sum(crf.forward(x, labels(), lengths())))(scores)
    expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true)
    expect([...grad.dataSync().slice(-6)].every((x) => x === 0)).toBe(true)
  })

  it('refuses scores of another number of labels', () => {
    expect(() => make().forward(tf.zeros([B, T, 5]), labels(), lengths())).toThrow(
      'ConditionalRandomField: expected scores [B, T, 3], got [2,4,5].',
    )
  })
})
