import { RandomStream } from '@heddle/core'
import { Parameter } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdamW, Muon } from '../index.ts'
import { newtonSchulz } from './newton-schulz.ts'

beforeAll(useCpu)

const random = (shape: [number, number], seed: number) => {
  const rng = new RandomStream(seed)
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => rng.normal()),
    shape,
  )
}

/** Of one matrix. */
const orthogonal = (matrix: tf.Tensor): tf.Tensor2D =>
  tf.squeeze(newtonSchulz(tf.expandDims(matrix) as tf.Tensor3D, 5), [0])

describe('newtonSchulz', () => {
  it.each<[number, number]>([
    [6, 4],
    [4, 6],
    [5, 5],
    [3, 9],
    [9, 3],
  ])('brings the singular values of a %s × %s matrix near 1', (rows, columns) => {
    const matrix = random([rows, columns], 4)
    const X = orthogonal(matrix)
    expect(X.shape).toEqual([rows, columns])
    const small = Math.min(rows, columns)
    const gram = tf.matMul(X, X, rows > columns, rows <= columns) // [small, small]
    // The trace is the sum of squared singular values; each lies between 0.3 and 1.3 after five steps.
    const trace = tf.sum(tf.mul(gram, tf.eye(small))).dataSync()[0]!
    expect(trace / small).toBeGreaterThan(0.3)
    expect(trace / small).toBeLessThan(1.4)
    // Equal for the matrix times any number, and turned about with it.
    const scaled = orthogonal(tf.mul(matrix, -50))
    const difference = tf.max(tf.abs(tf.add(scaled, X))).dataSync()[0]!
    expect(difference).toBeLessThan(1e-4)
  })

  it('of a long matrix has the numbers of the plain iteration', () => {
    const start = random([4, 12], 3)
    let X = tf.div(start, tf.norm(start)) as tf.Tensor2D
    for (let i = 0; i < 5; i++) {
      const gram = tf.matMul(X, X, false, true)
      const polynomial = tf.add(tf.mul(gram, -4.775), tf.mul(tf.matMul(gram, gram), 2.0315)) as tf.Tensor2D
      X = tf.add(tf.mul(X, 3.4445), tf.matMul(polynomial, X))
    }
    const difference = tf.max(tf.abs(tf.sub(orthogonal(start), X))).dataSync()[0]!
    expect(difference).toBeLessThan(1e-5)
  })

  it('of a diagonal matrix keeps it diagonal, with the signs of its values', () => {
    const diagonal = orthogonal(tf.tensor2d([2, 0, 0, 0, -1, 0, 0, 0, 0.5], [3, 3])).arraySync()
    for (const [i, row] of diagonal.entries()) {
      for (const [j, value] of row.entries()) {
        if (i !== j) expect(value).toBeCloseTo(0, 6)
        else expect(Math.abs(value - [1, -1, 1][i]!)).toBeLessThan(0.35)
      }
    }
  })

  it('of zeros is zeros', () => {
    expect([...orthogonal(tf.zeros([2, 3])).dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('Muon', () => {
  const parameter = (shape: number[], options = {}) => {
    const rng = new RandomStream(9)
    return new Parameter(
      shape,
      () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
      rng,
      options,
    )
  }
  const model = () => ({
    embedding: { weight: parameter([5, 4], { table: true }) },
    hidden: { weight: parameter([4, 3]), bias: parameter([3]), output: { weight: parameter([3, 3]) } },
    output: { weight: parameter([3, 5]) },
  })
  const gradients = (root: ReturnType<typeof model>) =>
    new Map(
      [root.embedding.weight, root.hidden.weight, root.hidden.bias, root.hidden.output.weight, root.output.weight].map(
        (each) => [each, tf.fill([...each.shape], 0.25)] as const,
      ),
    )

  it('leaves tables, output layers and vectors to AdamW', async () => {
    const [ours, theirs] = [model(), model()]
    const optimizer = new Muon(ours)
    const reference = new AdamW(theirs, { weightDecay: 0.1 })
    for (let step = 0; step < 3; step++) {
      optimizer.step(gradients(ours), 0.01)
      reference.step(gradients(theirs), 0.01)
    }
    expect([...ours.embedding.weight.value.dataSync()]).toEqual([...theirs.embedding.weight.value.dataSync()])
    expect([...ours.hidden.bias.value.dataSync()]).toEqual([...theirs.hidden.bias.value.dataSync()])
    expect([...ours.output.weight.value.dataSync()]).toEqual([...theirs.output.weight.value.dataSync()])
    expect([...ours.hidden.weight.value.dataSync()]).not.toEqual([...theirs.hidden.weight.value.dataSync()])
    const names = [...(await optimizer.state()).keys()]
    expect(names.filter((name) => name.startsWith('hidden.weight'))).toEqual([
      'hidden.weight.steps',
      'hidden.weight.momentum',
    ])
    expect(names).toContain('embedding.weight.v')
    expect(names).toContain('hidden.output.weight.momentum')
  })

  it('updates matrices of one size together as each by itself', () => {
    const [first, second] = [parameter([4, 6]), parameter([4, 6])]
    const alone = parameter([4, 6])
    const [g1, g2] = [random([4, 6], 1), random([4, 6], 2)]
    new Muon({ first, second }).step(
      new Map([
        [first, g1],
        [second, g2],
      ]),
      0.1,
    )
    new Muon({ alone }).step(new Map([[alone, g2]]), 0.1)
    expect([...second.value.dataSync()]).toEqual([...alone.value.dataSync()])
    expect([...first.value.dataSync()]).not.toEqual([...alone.value.dataSync()])
  })

  it('takes other modules for AdamW', async () => {
    const root = model()
    const optimizer = new Muon(root, { adamW: ['hidden'] })
    optimizer.step(gradients(root), 0.01)
    const names = [...(await optimizer.state()).keys()]
    expect(names).toContain('hidden.weight.v')
    expect(names).toContain('hidden.output.weight.v')
    expect(names).toContain('output.weight.momentum')
  })

  it('makes steps as large as those of AdamW, or as first published', () => {
    const sizeOf = (stepSize: 'adamw' | 'original') => {
      const weight = parameter([32, 8])
      const before = Array.from(weight.value.dataSync())
      const optimizer = new Muon({ weight }, { stepSize, weightDecay: 0 })
      optimizer.step(new Map([[weight, random([32, 8], 6)]]), 1)
      const after = weight.value.dataSync()
      return Math.sqrt(before.reduce((sum, x, i) => sum + (x - after[i]!) ** 2, 0) / before.length)
    }
    // AdamW's steps have a root mean square of 0.2 to 0.4 of the learning rate in practice.
    expect(sizeOf('adamw')).toBeGreaterThan(0.14)
    expect(sizeOf('adamw')).toBeLessThan(0.24)
    expect(sizeOf('original') / sizeOf('adamw')).toBeCloseTo(Math.sqrt(32 / 8) / (0.2 * Math.sqrt(32)), 4)
  })

  it('follows the plain mean of gradients without Nesterov momentum', () => {
    const weight = parameter([3, 5])
    const optimizer = new Muon({ weight }, { momentum: 0.8, nesterov: false, stepSize: 'original', weightDecay: 0 })
    let mean = tf.zeros([3, 5])
    for (let step = 0; step < 3; step++) {
      const before = weight.value.clone()
      const gradient = random([3, 5], step)
      mean = tf.add(tf.mul(mean, 0.8), tf.mul(gradient, 0.2))
      optimizer.step(new Map([[weight, gradient]]), 0.1)
      const expected = tf.sub(before, tf.mul(orthogonal(mean), 0.1))
      expect(tf.max(tf.abs(tf.sub(weight.value, expected))).dataSync()[0]!).toBeLessThan(1e-6)
    }
  })
})
