/**
 * Stock tfjs's side of the benchmark: tfjs-layers on the WASM backend as published, with the same protocol as torch_peer.py.
 * The gradient of an embedding, which stock tfjs lacks on WASM, is replaced as its users have to: one-hot times matrix.
 */
import { createInterface } from 'node:readline'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'

const randomIds = (vocabulary: number, shape: [number, number]) => tf.randomUniformInt(shape, 0, vocabulary)

function languageModel(
  kind: 'lstm' | 'gru',
  embedding: number,
  hidden: number,
  numLayers: number,
  batch: number,
  steps: number,
) {
  const model = tf.sequential()
  model.add(tf.layers.dense({ units: embedding, useBias: false, inputShape: [steps, 65] }))
  for (let i = 0; i < numLayers; i++) {
    const config = { units: hidden, returnSequences: true }
    model.add(kind === 'lstm' ? tf.layers.lstm(config) : tf.layers.gru(config))
  }
  model.add(tf.layers.dense({ units: 65 }))
  const optimizer = tf.train.adam(1e-3)
  const inputs = tf.oneHot(randomIds(65, [batch, steps]), 65)
  const labels = tf.oneHot(randomIds(65, [batch, steps]), 65)
  const run = () => {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => tf.losses.softmaxCrossEntropy(labels, model.apply(inputs) as tf.Tensor) as tf.Scalar,
      )
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))))
      const scale = tf.minimum(tf.div(1, tf.add(norm, 1e-6)), 1)
      optimizer.applyGradients(
        Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.mul(gradient, scale)])),
      )
      return value
    })
    loss.dataSync()
    loss.dispose()
  }
  return { run, tokens: batch * steps }
}

const workloads: Record<string, () => { run: () => void; tokens: number }> = {
  'lstm-small': () => languageModel('lstm', 32, 64, 1, 8, 32),
  charlstm: () => languageModel('lstm', 64, 256, 2, 32, 64),
  chargru: () => languageModel('gru', 64, 256, 2, 32, 64),
}

await tf.setBackend('wasm')
const running = new Map<string, { run: () => void; tokens: number }>()
console.log(JSON.stringify({ peer: `tfjs-layers ${tf.version_layers}` }))
for await (const line of createInterface({ input: process.stdin })) {
  const { workload: name, seconds } = JSON.parse(line) as { workload: string; seconds: number }
  const make = workloads[name]
  if (make === undefined) {
    console.log(JSON.stringify({ error: `no workload ${name}` }))
    continue
  }
  let workload = running.get(name)
  if (workload === undefined) {
    workload = make()
    running.set(name, workload)
    workload.run()
  }
  const ms: number[] = []
  const end = performance.now() + seconds * 1000
  while (ms.length === 0 || performance.now() < end) {
    const start = performance.now()
    workload.run()
    ms.push(performance.now() - start)
  }
  console.log(JSON.stringify({ tokens: workload.tokens, ms }))
}
