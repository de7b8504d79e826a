/**
 * A program of its own: runs every kind of operation with the options given as JSON and prints one line per operation
 * with a hash of its results, and first what `useWasm` says.
 *
 * usage: node --conditions=source digest.ts '{"threads": 2, "exact": true}'
 */
import { createHash } from 'node:crypto'
import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type UseWasmOptions, useWasm } from '../use-wasm.ts'
import { testTensors } from './against-cpu.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as UseWasmOptions
const description = await useWasm(options)
enableGradients()
const make = testTensors(7)

const operations: Record<string, () => tf.Tensor | tf.Tensor[]> = {
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
  'conv2d gradients': () =>
    tf.grads((x, w) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'))))([
      make.normal([4, 12, 12, 16]),
      make.normal([3, 3, 16, 24]),
    ]),
}

console.log(JSON.stringify(description))
for (const [name, run] of Object.entries(operations)) {
  const hash = createHash('sha256')
  const results = tf.tidy(run)
  for (const tensor of Array.isArray(results) ? results : [results])
    hash.update(new Uint8Array(tensor.dataSync().buffer))
  console.log(`${name}: ${hash.digest('hex').slice(0, 16)}`)
}
