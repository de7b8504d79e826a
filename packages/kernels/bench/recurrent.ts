/** Times the whole-sequence recurrent operations: `node --conditions=source bench/recurrent.ts [--threads N]`. */

import { parseArgs } from 'node:util'
import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { useWasm } from '../src/index.ts'
import type { TestTensors } from '../src/testing/against-cpu.ts'
import { recurrentInputs, recurrentOutputs } from '../src/testing/recurrent-reference.ts'

const { values } = parseArgs({ options: { threads: { type: 'string' }, revectorize: { type: 'string' } } })
enableGradients()
const make = {
  normal: (shape: readonly number[], scale = 1) => tf.randomNormal(shape as number[], 0, scale, 'float32', 1),
} as TestTensors
console.log(
  await useWasm({
    ...(values.threads && { threads: Number(values.threads) }),
    ...(values.revectorize && { revectorize: values.revectorize as 'on' | 'off' }),
  }),
)

function median(run: () => void): number {
  for (let i = 0; i < 5; i++) run()
  const times: number[] = []
  for (const end = performance.now() + 1500; performance.now() < end || times.length < 5; ) {
    const start = performance.now()
    run()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!
}

for (const name of ['HeddleLstmSequence', 'HeddleGruSequence', 'HeddleRnnSequence']) {
  const gates = { HeddleLstmSequence: 4, HeddleGruSequence: 3 }[name] ?? 1
  for (const sizes of [
    [8, 32, 32, 64],
    [32, 64, 64, 256],
    [32, 64, 256, 256],
    [64, 20, 128, 256],
    [1, 1, 256, 256],
  ] as const) {
    const [B, T, I, H] = sizes
    const inputs = recurrentInputs(name, make, { sizes }, 0.05)
    const forward = () => tf.tidy(() => void recurrentOutputs(name, inputs, { sizes }))
    const both = tf.grads((...args: tf.Tensor[]) => recurrentOutputs(name, args, { sizes })[0]!)
    const dy = tf.ones([B, T, H])
    const forwardMs = median(forward)
    const ms = median(() => tf.tidy(() => void both(inputs, dy)))
    const flops = 2 * B * T * (I + H) * gates * H
    const rate = (time: number, products: number) =>
      `${(time * 1000).toFixed(0)} µs (${((products * flops) / time / 1e6).toFixed(0)} GFLOP/s)`
    console.log(`${name} [${sizes}]: forward ${rate(forwardMs, 1)}, forward and backward ${rate(ms, 3)}`)
  }
}
