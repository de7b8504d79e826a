import { RandomStream } from '@heddle/core'
import { fusedOp, layerNorm, RMSNorm } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

const shapes = [
  [1, 1],
  [3, 2],
  [2, 5, 17],
  [100, 33],
  [4, 128],
  [700, 24],
  [0, 6],
]

const rmsReference = ({ x, weight }: Record<string, tf.Tensor>, { epsilon }: { epsilon: number }) =>
  [tf.mul(tf.mul(x!, tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), epsilon))), weight!)] as const

describe('HeddleLayerNorm', () => {
  it.each(shapes)('agrees with the reference for %j', async (...shape) => {
    const D = shape.at(-1)!
    await expectSameGradientsAsCpu(
      (make) => [make.normal(shape, 2), make.normal([D]), make.normal([D])],
      (x, weight, bias) => layerNorm(x!, weight!, bias!, 1e-5),
      { tolerance: 1e-4 },
    )
  })

  it('keeps its precision far from zero', async () => {
    await expectSameGradientsAsCpu(
      (make) => [tf.add(make.normal([3, 64]), 1000), make.normal([64]), make.normal([64])],
      (x, weight, bias) => layerNorm(x!, weight!, bias!),
      { tolerance: 1e-3 },
    )
  })

  it('refuses a weight of another size', () => {
    tf.tidy(() => {
      const { normal } = testTensors(1)
      expect(() => layerNorm(normal([2, 4]), normal([4]), normal([5]))).toThrow(
        'expected bias float32 [4], got float32 [5]',
      )
    })
  })
})

describe('HeddleRmsNorm', () => {
  it.each(shapes)('agrees with the reference for %j', async (...shape) => {
    const D = shape.at(-1)!
    await expectSameGradientsAsCpu(
      (make) => [make.normal(shape, 2), make.normal([D])],
      (x, weight) => fusedOp('HeddleRmsNorm', { x: x!, weight: weight! }, { epsilon: 1e-6 }, rmsReference)[0],
      { tolerance: 1e-4 },
    )
  })

  it('is what the module RMSNorm runs', () => {
    tf.tidy(() => {
      const norm = new RMSNorm({ size: 4 }, new RandomStream(1))
      const y = norm.forward(tf.tensor2d([[3, 3, 3, 3]])).dataSync()
      y.forEach((value) => {
        expect(value).toBeCloseTo(1, 5)
      })
    })
  })
})
