/**
 * A program of its own: runs every fused operation with its gradient, with the options given as JSON, and prints one line
 * per operation with a hash of its results, and first what `useWasm` says.
 *
 * usage: node --conditions=source op-digest.ts '{"threads": 2, "exact": true}'
 */
import { createHash } from 'node:crypto'
import { crossEntropy, embedding, enableGradients, gelu, geluTanh, layerNorm, reluSquared, silu } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type UseWasmOptions, useWasm } from '../use-wasm.ts'
import { testTensors } from './against-cpu.ts'
import { recurrentInputs, runRecurrent } from './recurrent-reference.ts'

const description = await useWasm(JSON.parse(process.argv[2] ?? '{}') as UseWasmOptions)
enableGradients()
console.log(JSON.stringify(description))

const { normal, integers } = testTensors(7)

function print(name: string, tensors: readonly tf.Tensor[]): void {
  const hash = createHash('sha256')
  for (const tensor of tensors) hash.update(new Uint8Array(tensor.dataSync().buffer))
  console.log(`${name}: ${hash.digest('hex').slice(0, 16)}`)
}

/** Value and gradients of Σ f(inputs)². */
function digest(name: string, inputs: tf.Tensor[], f: (...inputs: tf.Tensor[]) => tf.Tensor): void {
  tf.tidy(() => {
    const { grads } = tf.valueAndGrads((...xs: tf.Tensor[]) => tf.sum(tf.square(f(...xs))))(inputs)
    print(name, [f(...inputs), ...grads])
  })
}

const run = (name: string, inputs: object, attributes: object = {}) =>
  tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap) as unknown as tf.Tensor[]
const joined = (tensors: readonly tf.Tensor[]) => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1])))

for (const name of ['HeddleRnnSequence', 'HeddleLstmSequence', 'HeddleGruSequence']) {
  for (const sizes of [
    [32, 12, 64, 96],
    [5, 7, 33, 70],
    [9, 3, 200, 130],
    [2, 40, 64, 64],
    [1, 1, 300, 300],
    [3, 1, 300, 300],
    [4, 1, 300, 300],
    [7, 1, 300, 300],
  ] as const) {
    const options = { sizes }
    const inputs = recurrentInputs(name, { normal } as never, options, 0.05)
    digest(`${name} ${sizes}`, inputs, (...xs) => runRecurrent(name, xs, options))
  }
}

for (const [B, T, S, H] of [
  [16, 6, 9, 64],
  [5, 3, 30, 130],
] as const) {
  const names = ['x', 'h0', 'memory', 'keys', 'queryWeight', 'scoreWeight', 'inputWeight', 'recurrentWeight']
  names.push('inputBias', 'recurrentBias')
  const weights = [[H, H], [H, 1], [2 * H, 3 * H], [H, 3 * H], [3 * H], [3 * H]].map((shape) => normal(shape, 0.1))
  const inputs = [normal([B, T, H]), normal([B, H]), normal([B, S, H]), normal([B, S, H]), ...weights]
  digest(`HeddleAdditiveGruDecoder ${[B, T, S, H]}`, inputs, (...xs) => {
    const named = Object.fromEntries(names.map((name, i) => [name, xs[i]!]))
    return joined(run('HeddleAdditiveGruDecoder', named).slice(0, 3))
  })
}

for (const causal of [true, false]) {
  const shapes = [24, 24, 30].map((size) => normal([3, 150, 5, size]))
  digest(`HeddleAttention causal ${causal}`, shapes, (query, key, value) => {
    return run('HeddleAttention', { query, key, value }, { causal, headsFirst: false, scale: 0.2 })[0]!
  })
}

const labels = integers([900], 0, 300)
digest('HeddleCrossEntropy', [normal([900, 301])], (x) => crossEntropy(x!, labels, { labelSmoothing: 0.1 }))
digest('HeddleEmbedding', [normal([300, 200])], (x) => embedding(labels, x!))
for (const [name, f] of Object.entries({ gelu, geluTanh, silu, reluSquared }))
  digest(name, [normal([500, 333])], (x) => f(x!))
digest('HeddleLayerNorm', [normal([1000, 130]), normal([130]), normal([130])], (x, w, b) => layerNorm(x!, w!, b!))
digest('HeddleRmsNorm', [normal([1000, 130]), normal([130])], (x, weight) => {
  return run('HeddleRmsNorm', { x, weight }, { epsilon: 1e-6 })[0]!
})
const angles = [normal([150, 12]), normal([150, 12])] as const
digest('HeddleRotary', [normal([3, 150, 5, 26])], (x) => {
  return run('HeddleRotary', { x, cos: angles[0], sin: angles[1] }, { direction: 1 })[0]!
})
digest('HeddleDropout', [normal([500, 333])], (x) => run('HeddleDropout', { x }, { rate: 0.3, key: [5, 6] })[0]!)

const groups = [0, 1, 2, 3].map((group) => [70000, 33, 9000].map((n) => (group < 2 ? normal([n]) : tf.zeros([n]))))
run('HeddleAdamW', groups.flat(), {
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 5, gradientScale: 0.7 },
  ...{ learningRates: [1e-3, 1e-3, 1e-3], weightDecays: [0, 0.1, 0] },
})
print('HeddleAdamW', groups.flat())
const velocities = groups.slice(0, 3)
run('HeddleSgd', velocities.flat(), {
  ...{ momentum: 0.9, nesterov: true, gradientScale: 0.7 },
  ...{ learningRates: [1e-3, 1e-3, 1e-3], weightDecays: [0, 0.1, 0] },
})
print('HeddleSgd', velocities.flat())
const matrices = [0, 1, 2].map(() => [64, 96, 300].map((n) => normal([n, 80])))
run('HeddleMuon', matrices.flat(), {
  ...{ momentum: 0.95, newtonSchulzSteps: 5, gradientScale: 0.7 },
  ...{ rates: [0.1, 0.1, 0.1], decays: [1, 0.9, 1] },
})
print('HeddleMuon', matrices.flat())
print('HeddleGlobalNorm', run('HeddleGlobalNorm', groups[1]!))
