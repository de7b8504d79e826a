import { RandomStream } from '@heddle/core'
import { Conv2D, valueAndGradients } from '@heddle/layers'
import { AdamW, type Optimizer, SGD } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { expectClose, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

/** The losses of 20 steps that teach a convolution another one's filter. */
function train(backend: string, makeOptimizer: (conv: Conv2D) => Optimizer & { dispose(): void }): number[] {
  tf.setBackend(backend)
  const conv = new Conv2D({ inputChannels: 3, outputChannels: 5, kernelSize: 3, padding: 1 }, new RandomStream(1))
  const optimizer = makeOptimizer(conv)
  const make = testTensors(9)
  const images = make.normal([4, 6, 7, 3])
  const filter = make.normal([3, 3, 3, 5]) as tf.Tensor4D
  const target = tf.tidy(() => tf.conv2d(images as tf.Tensor4D, filter, 1, 'same'))
  const losses = Array.from({ length: 20 }, () => {
    const { value, gradients } = valueAndGradients(
      conv,
      () => tf.mean(tf.squaredDifference(conv.forward(images), target)) as tf.Scalar,
    )
    optimizer.step(gradients, 0.1)
    const loss = value.dataSync()[0]!
    tf.dispose([value, ...gradients.values()])
    return loss
  })
  tf.dispose([images, filter, target])
  optimizer.dispose()
  return losses
}

it.each([
  ['AdamW', (conv: Conv2D) => new AdamW(conv)],
  ['SGD', (conv: Conv2D) => new SGD(conv, { momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
] as const)(
  '%s, which changes filters in place, trains a convolution as on the cpu backend',
  async (_, makeOptimizer) => {
    await useWasm()
    const losses = train('wasm', makeOptimizer)
    const expected = train('cpu', makeOptimizer)
    tf.setBackend('wasm')
    expectClose(losses, expected, 1e-4)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 4)
  },
)
