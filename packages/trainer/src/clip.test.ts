import { readFileSync } from 'node:fs'
import { RandomStream } from '@heddle/core'
import { initializers, Parameter } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { clipByNorm, clipByValue, clipFactor, globalNorm } from './index.ts'

beforeAll(useCpu)

const { clipping } = JSON.parse(readFileSync(new URL('../fixtures/torch.json', import.meta.url), 'utf8')) as {
  clipping: {
    maxNorm: number
    limit: number
    before: [number[][], number[]]
    norm: number
    byNorm: [number[][], number[]]
    byValue: [number[][], number[]]
  }[]
}

const gradientsOf = ([matrix, vector]: [number[][], number[]]) => {
  const rng = new RandomStream(1)
  return new Map<Parameter, tf.Tensor>([
    [new Parameter([4, 3], initializers.zeros, rng), tf.tensor2d(matrix)],
    [new Parameter([3], initializers.zeros, rng), tf.tensor1d(vector)],
  ])
}
const values = (gradients: ReadonlyMap<Parameter, tf.Tensor>) =>
  [...gradients.values()].flatMap((g) => [...g.dataSync()])

it('clips as torch does and leaves the given gradients alone', () => {
  expect(clipping.map(({ norm, maxNorm }) => norm > maxNorm)).toEqual([true, false])
  for (const { maxNorm, limit, before, norm, byNorm, byValue } of clipping) {
    const gradients = gradientsOf(before)
    const count = tf.memory().numTensors
    const given = values(gradients)
    const total = globalNorm(gradients)
    expect(total.dataSync()[0]).toBeCloseTo(norm, 4)
    const clipped = clipByNorm(gradients, maxNorm)
    for (const [i, x] of values(clipped).entries()) expect(x).toBeCloseTo(byNorm.flat(2)[i]!, 5)
    for (const [i, x] of given.entries()) expect(x * clipFactor(norm, maxNorm)).toBeCloseTo(byNorm.flat(2)[i]!, 5)
    const limited = clipByValue(gradients, limit)
    for (const [i, x] of values(limited).entries()) expect(x).toBeCloseTo(byValue.flat(2)[i]!, 5)
    expect(values(gradients)).toEqual(given)
    tf.dispose([total, ...clipped.values(), ...limited.values()])
    expect(tf.memory().numTensors).toBe(count)
  }
})

it('uses the norm kernel of the backend where there is one', () => {
  const gradients = gradientsOf(clipping[0]!.before)
  let calls = 0
  tf.registerKernel({
    kernelName: 'HeddleGlobalNorm',
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend }) => {
      calls++
      const read = (backend as unknown as { readSync(id: object): Float32Array }).readSync.bind(backend)
      const arrays = Object.values(inputs).map((info) => read((info as tf.TensorInfo).dataId))
      return tf.scalar(Math.hypot(...arrays.flatMap((array) => [...array])))
    },
  })
  try {
    expect(globalNorm(gradients).dataSync()[0]).toBeCloseTo(clipping[0]!.norm, 4)
    expect(calls).toBe(1)
  } finally {
    tf.unregisterKernel('HeddleGlobalNorm', 'cpu')
  }
})

it('has norm 0 without gradients, and refuses a limit that is not above 0', () => {
  expect(globalNorm(new Map()).dataSync()[0]).toBe(0)
  expect(() => clipByNorm(new Map(), 0)).toThrow('clipByNorm: expected a limit above 0, got 0.')
  expect(() => clipByValue(new Map(), Number.NaN)).toThrow('clipByValue: expected a limit above 0, got NaN.')
})
