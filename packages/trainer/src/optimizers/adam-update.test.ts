import { RandomStream } from '@heddle/core'
import { initializers, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { AdamW } from '../index.ts'
import { useCpu } from '../test-support/use-cpu.ts'

beforeAll(useCpu)

interface Attributes {
  readonly learningRates: number[]
  readonly weightDecays: number[]
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly step: number
  readonly gradientScale: number
}

/** An in-place kernel as a backend may have one, written on the plain backend's arrays. */
function inPlaceAdam({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo[] {
  const { learningRates, weightDecays, beta1, beta2, epsilon, step, gradientScale } = attrs as unknown as Attributes
  const list = Object.values(inputs) as tf.TensorInfo[]
  const n = list.length / 4
  const data = (i: number) => (backend as unknown as { readSync(id: object): Float32Array }).readSync(list[i]!.dataId)
  for (let i = 0; i < n; i++) {
    const [w, g, m, v] = [data(i), data(n + i), data(2 * n + i), data(3 * n + i)]
    for (let j = 0; j < w!.length; j++) {
      const gradient = g![j]! * gradientScale
      m![j] = beta1 * m![j]! + (1 - beta1) * gradient
      v![j] = beta2 * v![j]! + (1 - beta2) * gradient * gradient
      const denominator = Math.sqrt(v![j]!) / Math.sqrt(1 - beta2 ** step) + epsilon
      w![j] =
        w![j]! * (1 - learningRates[i]! * weightDecays[i]!) -
        (learningRates[i]! / (1 - beta1 ** step)) * (m![j]! / denominator)
    }
  }
  return []
}

afterEach(() => tf.unregisterKernel('HeddleAdamW', 'cpu'))

function run(): { values: number[]; shared: number[] } {
  const rng = new RandomStream(3)
  const parameters = [
    ['a.weight', new Parameter([3, 2], initializers.normal(), rng)],
    ['a.bias', new Parameter([2], initializers.normal(), rng)],
  ] as const
  const optimizer = new AdamW(parameters, { weightDecay: 0.1, groups: [{ match: 'a.bias', learningRateFactor: 0.5 }] })
  // The caller holds on to the first values: they must not change with the weights.
  const held = tf.clone(parameters[0][1].value)
  const shared = [...held.dataSync()]
  for (let n = 0; n < 5; n++) {
    const gradients = new Map(
      parameters.map(([, p]) => [p, tf.tensor(initializers.normal()(p.shape, rng), [...p.shape])]),
    )
    optimizer.step(gradients, 0.05, { gradientScale: 0.3 })
    tf.dispose([...gradients.values()])
  }
  expect([...held.dataSync()]).toEqual(shared)
  return { values: parameters.flatMap(([, p]) => [...p.value.dataSync()]), shared }
}

it('gives the same weights through a kernel that works in place, and never writes into shared memory', () => {
  const reference = run()
  let calls = 0
  tf.registerKernel({
    kernelName: 'HeddleAdamW',
    backendName: 'cpu',
    kernelFunc: (parameters) => {
      calls++
      return inPlaceAdam(parameters)
    },
  })
  const before = tf.memory().numTensors
  const fused = run()
  expect(calls).toBe(5)
  for (const [i, x] of reference.values.entries()) expect(fused.values[i]).toBeCloseTo(x, 5)
  // Two weights, four moments and the clone stay; steps leave nothing.
  expect(tf.memory().numTensors - before).toBe(7)
})
