import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type TestTensors, testTensors } from './against-cpu.ts'

const operations = (make: TestTensors): Record<string, () => tf.Tensor | tf.Tensor[]> => ({
  ...Object.fromEntries(
    [
      [13, 330, 300],
      [630, 63, 110],
      [137, 129, 513],
      [1, 1100, 400],
      [3, 1000, 300],
      [1900, 1, 150],
      [97, 97, 97],
    ].flatMap(([M, N, K]) =>
      [false, true].flatMap((ta) =>
        [false, true].map((tb) => [
          `matMul ${M} ${N} ${K} ${ta} ${tb}`,
          () => tf.matMul(make.normal(ta ? [K!, M!] : [M!, K!]), make.normal(tb ? [N!, K!] : [K!, N!]), ta, tb),
        ]),
      ),
    ),
  ),
  'batch matMul': () => tf.matMul(make.normal([48, 33, 31]), make.normal([48, 31, 65])),
  'fused matMul': () =>
    tf.fused.matMul({
      a: make.normal([200, 150]),
      b: make.normal([150, 90]),
      bias: make.normal([90]),
      activation: 'elu',
    }),
  'segment sum': () => tf.unsortedSegmentSum(make.normal([900, 150]), make.integers([900], 0, 50) as tf.Tensor1D, 50),
  'shared product': () => tf.matMul(make.normal([300, 120]), make.normal([120, 130])),
  elementwise: () => {
    const x = make.normal([90, 400])
    return [
      tf.exp(x),
      tf.tanh(x),
      tf.sigmoid(x),
      tf.erf(x),
      tf.add(x, make.normal([400])),
      tf.mul(x, make.normal([90, 1])),
    ]
  },
  reductions: () => {
    const x = make.normal([90, 400])
    return [tf.sum(x, 0), tf.sum(x, 1), tf.mean(x), tf.max(x, 0), tf.softmax(x)]
  },
  copies: () => {
    const x = make.normal([30, 40, 50])
    return [tf.transpose(x), tf.transpose(x, [1, 0, 2]), tf.slice(x, [1, 2, 3], [20, 30, 40]), tf.tile(x, [1, 2, 1])]
  },
  convolutions: () => {
    const x = make.normal([4, 13, 12, 18]) as tf.Tensor4D
    const filter = make.normal([3, 3, 18, 24]) as tf.Tensor4D
    return [
      tf.conv2d(x, filter, 1, 'same'),
      tf.conv2d(x, filter, 2, 1),
      tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', bias: make.normal([24]), activation: 'sigmoid' }),
      tf.depthwiseConv2d(x, make.normal([3, 2, 18, 2]) as tf.Tensor4D, 1, 'same'),
    ]
  },
  'pooling gradients': () => {
    const x = make.normal([4, 13, 12, 18]) as tf.Tensor4D
    return tf.grads((x, y) =>
      tf.add(
        tf.sum(tf.square(tf.maxPool(x as tf.Tensor4D, 3, 2, 'same'))),
        tf.sum(tf.square(tf.avgPool(y as tf.Tensor4D, 3, 2, 'same'))),
      ),
    )([x, x])
  },
  'conv2d gradients': () =>
    tf.grads((x, w) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'))))([
      make.normal([4, 12, 12, 16]),
      make.normal([3, 3, 16, 24]),
    ]),
})

/** A hash of the results of every kind of operation on the current backend, one line each: for comparing runs. */
export function digests(): string[] {
  enableGradients()
  return Object.entries(operations(testTensors(7))).map(([name, run]) => {
    const results = tf.tidy(run)
    const tensors = Array.isArray(results) ? results : [results]
    return `${name}: ${tensors.map((tensor) => fnv1a(new Uint8Array(tensor.dataSync().buffer))).join(' ')}`
  })
}

/** FNV-1a, 32 bits: enough to see a difference, and the same everywhere. */
function fnv1a(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
