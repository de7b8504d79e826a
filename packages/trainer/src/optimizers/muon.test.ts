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

describe('newtonSchulz', () => {
  it.each<[number, number]>([
    [6, 4],
    [4, 6],
    [5, 5],
  ])('brings the singular values of a %s × %s matrix near 1', (rows, columns) => {
    const matrix = random([rows, columns], 4)
    const X = newtonSchulz(matrix, 5)
    expect(X.shape).toEqual([rows, columns])
    const small = Math.min(rows, columns)
    const gram = tf.matMul(X, X, rows > columns, rows <= columns) // [small, small]
    // The trace is the sum of squared singular values; each lies between 0.3 and 1.3 after five steps.
    const trace = tf.sum(tf.mul(gram, tf.eye(small))).dataSync()[0]!
    expect(trace / small).toBeGreaterThan(0.3)
    expect(trace / small).toBeLessThan(1.4)
    // Equal for the matrix times any number, and turned about with it.
    const scaled = newtonSchulz(tf.mul(matrix, -50), 5)
    const difference = tf.max(tf.abs(tf.add(scaled, X))).dataSync()[0]!
    expect(difference).toBeLessThan(1e-4)
  })

  it('of a diagonal matrix keeps it diagonal, with the signs of its values', () => {
    const diagonal = newtonSchulz(tf.tensor2d([2, 0, 0, 0, -1, 0, 0, 0, 0.5], [3, 3]), 5).arraySync()
    for (const [i, row] of diagonal.entries()) {
      for (const [j, value] of row.entries()) {
        if (i !== j) expect(value).toBeCloseTo(0, 6)
        else expect(Math.abs(value - [1, -1, 1][i]!)).toBeLessThan(0.35)
      }
    }
  })

  it('of zeros is zeros', () => {
    expect([...newtonSchulz(tf.zeros([2, 3]), 5).dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('Muon', () => {
  const parameter = (...shape: number[]) => {
    const rng = new RandomStream(9)
    return new Parameter(
      shape,
      () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
      rng,
    )
  }
  const model = () => ({
    embedding: { weight: parameter(5, 4) },
    hidden: { weight: parameter(4, 3), bias: parameter(3) },
    output: { weight: parameter(3, 5) },
  })
  const gradients = (root: ReturnType<typeof model>) =>
    new Map(
      [root.embedding.weight, root.hidden.weight, root.hidden.bias, root.output.weight].map(
        (each) => [each, tf.fill([...each.shape], 0.25)] as const,
      ),
    )

  it('leaves embeddings, output layers and vectors to AdamW', async () => {
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
  })

  it('takes other names for AdamW', async () => {
    const root = model()
    const optimizer = new Muon(root, { adamW: ['hidden'] })
    optimizer.step(gradients(root), 0.01)
    const names = [...(await optimizer.state()).keys()]
    expect(names).toContain('hidden.weight.v')
    expect(names).toContain('embedding.weight.momentum')
  })

  it('makes steps as large as those of AdamW, or as first published', () => {
    const sizeOf = (stepSize: 'adamw' | 'original') => {
      const weight = parameter(32, 8)
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
})
