import { RandomStream } from '@heddle/core'
import { Linear, linears, valueAndGradients, withoutFusedOps } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

/** Value and gradients of the sum of the outputs times random numbers, with respect to the maps and to x before a map of its own. */
function results(
  maps: readonly Linear[],
  shape: number[],
  compute: (x: tf.Tensor) => readonly tf.Tensor[],
): Float32Array[] {
  const { normal } = testTensors(3)
  const [x, scale] = [
    normal(shape),
    new Linear({ inputSize: shape.at(-1)!, outputSize: shape.at(-1)! }, new RandomStream(9)),
  ]
  const before = tf.memory().numTensors
  const { value, gradients } = valueAndGradients({ maps, scale }, () => {
    const terms = compute(scale.forward(x)).map((y) => tf.sum(tf.mul(y, normal(y.shape))))
    return tf.addN(terms) as tf.Scalar
  })
  const all = [value, ...gradients.values()]
  const values = all.map((tensor) => tensor.dataSync().slice() as Float32Array)
  // The map of x has its parameters now.
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before + all.length + 2 * (maps.length + 1))
  tf.dispose([x, ...all])
  scale.weight.dispose()
  scale.bias!.dispose()
  return values
}

function expectSame(maps: readonly Linear[], shape: number[], compute: (x: tf.Tensor) => readonly tf.Tensor[]): void {
  const expected = withoutFusedOps(() => results(maps, shape, compute))
  const got = results(maps, shape, compute)
  expect(got.length).toBe(expected.length)
  for (const [i, values] of got.entries()) expectClose(values, expected[i]!, 1e-4)
}

const map = (inputSize: number, outputSize: number, bias: boolean, rng: RandomStream) =>
  new Linear({ inputSize, outputSize, bias }, rng)

describe('HeddleLinears', () => {
  it('agrees with a map after the other in value and gradients', () => {
    const rng = new RandomStream(4)
    for (const [shape, sizes] of [
      [
        [2, 3, 5],
        [4, 4, 4],
      ],
      [
        [7, 6],
        [3, 9],
      ],
      [
        [150, 300],
        [64, 32, 32],
      ],
    ] as const) {
      const maps = sizes.map((size, i) => map(shape.at(-1)!, size, i !== 1, rng))
      expectSame(maps, [...shape], (x) => linears(x, maps))
    }
  })

  it('refuses wrong shapes', () => {
    tf.tidy(() => {
      const inputs = { x: tf.ones([2, 3]), weight0: tf.ones([3, 4]), weight1: tf.ones([3, 5]) }
      const run = (more: tf.NamedTensorMap) => tf.engine().runKernel('HeddleLinears2', { ...inputs, ...more })
      expect(() => run({ weight1: tf.ones([4, 5]) })).toThrow('expected weight1 float32 [3,5], got float32 [4,5]')
      expect(() => run({ bias1: tf.ones([4]) })).toThrow('expected bias1 float32 [5], got float32 [4]')
    })
  })
})
