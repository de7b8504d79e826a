import { parseArgs } from 'node:util'
import { useWasm } from '@heddle/kernels'
import { crossEntropy, enableGradients, gelu, geluTanh, layerNorm } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

const HELP = `Times the fused operations at the sizes of the models, with and without their gradients: processor time of all
threads in a call, which other programs on the machine hardly change.

usage: pnpm bench fused [NAME…] [--threads N] [--revectorize auto|on|off]

  NAME           only operations whose line contains this text
  --threads      threads of the kernels (default: 1)
  --revectorize  use the 256-bit vectors of V8 where there are any (default: auto)`

const ROUNDS = 6
const ROUND_MS = 250
let selected: readonly string[] = []

/** `pnpm bench fused`. */
export async function benchFused(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      threads: { type: 'string', default: '1' },
      revectorize: { type: 'string', default: 'auto' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  selected = positionals
  enableGradients()
  const revectorize = values.revectorize as 'auto' | 'on' | 'off'
  console.log(JSON.stringify(await useWasm({ threads: Number(values.threads), revectorize })))
  timeRecurrent()
  timeAdditiveDecoder()
  timeAttention()
  timeLossAndNorms()
  timeOptimizer()
}

/** Prints the fastest of several rounds; `flops` are those of the matrix products in a call. */
function time(name: string, call: () => unknown, flops = 0): void {
  if (selected.length > 0 && !selected.some((text) => name.includes(text))) return
  const once = () => tf.tidy(() => void call())
  for (let i = 0; i < 6; i++) once()
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage()
    const end = performance.now() + ROUND_MS
    let calls = 0
    for (; performance.now() < end || calls < 3; calls++) once()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000 / calls
  })
  const ms = Math.min(...rounds)
  const rate = flops === 0 ? '' : `${(flops / ms / 1e6).toFixed(0)} GFLOP/s`
  console.log(`${name.padEnd(52)} ${ms.toFixed(3).padStart(9)} ms  ${rate}`)
}

const normal = (...shape: number[]) => tf.randomNormal(shape, 0, 0.3)

function kernel(name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor {
  const outputs = tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as unknown as tf.Tensor[]
  return outputs[0]!
}

/** Times a kernel alone, and with the gradients of all its inputs. */
function timeKernel(name: string, label: string, inputs: Record<string, tf.Tensor>, attributes: object, flops: number) {
  const names = Object.keys(inputs)
  const tensors = Object.values(inputs)
  const gradients = tf.grads((...xs: tf.Tensor[]) =>
    kernel(name, Object.fromEntries(names.map((key, i) => [key, xs[i]!])), attributes),
  )
  const dy = tf.tidy(() => tf.onesLike(kernel(name, inputs, attributes)))
  time(`${name} ${label}`, () => kernel(name, inputs, attributes), flops)
  time(`${name} ${label} and gradient`, () => gradients(tensors, dy), 3 * flops)
}

function timeRecurrent(): void {
  for (const [name, G] of [
    ['HeddleLstmSequence', 4],
    ['HeddleGruSequence', 3],
    ['HeddleRnnSequence', 1],
  ] as const) {
    for (const [B, T, I, H] of [
      [32, 64, 256, 256],
      [32, 64, 64, 256],
      [64, 20, 128, 256],
      [8, 32, 32, 64],
      [1, 1, 256, 256],
    ] as const) {
      const inputs = {
        x: normal(B, T, I),
        h0: normal(B, H),
        ...(G === 4 && { c0: normal(B, H) }),
        inputWeight: normal(I, G * H),
        recurrentWeight: normal(H, G * H),
        inputBias: normal(G * H),
        recurrentBias: normal(G * H),
      }
      timeKernel(name, `${[B, T, I, H]}`, inputs, { reverse: false, activation: 'tanh' }, 2 * B * T * G * H * (I + H))
    }
  }
}

function timeAdditiveDecoder(): void {
  const [B, T, S, E, H] = [64, 20, 20, 128, 256]
  const inputs = {
    ...{ x: normal(B, T, E), h0: normal(B, H), memory: normal(B, S, H), keys: normal(B, S, H) },
    ...{ queryWeight: normal(H, H), scoreWeight: normal(H, 1) },
    ...{ inputWeight: normal(E + H, 3 * H), recurrentWeight: normal(H, 3 * H) },
    ...{ inputBias: normal(3 * H), recurrentBias: normal(3 * H) },
  }
  timeKernel('HeddleAdditiveGruDecoder', `${[B, T, S, E, H]}`, inputs, {}, 2 * B * T * H * (H + 3 * (E + 2 * H)))
}

function timeAttention(): void {
  for (const [B, N, T, K, causal] of [
    [12, 4, 64, 32, true],
    [8, 6, 256, 64, true],
    [16, 4, 128, 64, false],
  ] as const) {
    const inputs = { query: normal(B, T, N, K), key: normal(B, T, N, K), value: normal(B, T, N, K) }
    const attributes = { causal, headsFirst: false, scale: K ** -0.5 }
    const label = `${[B, N, T, K]}${causal ? ' causal' : ''}`
    timeKernel('HeddleAttention', label, inputs, attributes, (4 * B * N * T * T * K) / (causal ? 2 : 1))
  }
}

function timeLossAndNorms(): void {
  const labels = tf.zeros([1280], 'int32')
  const logits = normal(1280, 5000)
  const lossGradient = tf.grad((x: tf.Tensor) => crossEntropy(x, labels))
  time('HeddleCrossEntropy 1280,5000', () => crossEntropy(logits, labels))
  time('HeddleCrossEntropy 1280,5000 and gradient', () => lossGradient(logits))

  const [x, weight, bias, wide] = [normal(2048, 384), normal(384), normal(384), normal(2048, 1536)]
  const normGradients = tf.grads((...inputs: tf.Tensor[]) => layerNorm(inputs[0]!, inputs[1]!, inputs[2]!))
  time('HeddleLayerNorm 2048,384 and gradient', () => normGradients([x, weight, bias], x))
  for (const [name, activation] of Object.entries({ gelu, geluTanh })) {
    const gradient = tf.grad(activation)
    time(`${name} 2048,1536 and gradient`, () => gradient(wide, wide))
  }
  time('HeddleDropout 2048,384', () => kernel('HeddleDropout', { x }, { rate: 0.1, key: [1, 2] }))
}

function timeOptimizer(): void {
  const sizes = [1_280_000, 640_000, 491_520]
  const groups = [0, 1, 2, 3].map((group) => sizes.map((size) => (group < 2 ? normal(size) : tf.zeros([size]))))
  const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 5, gradientScale: 1 }
  const rates = { learningRates: [1e-3, 1e-3, 1e-3], weightDecays: [0, 0, 0] }
  const list = (tensors: tf.Tensor[]) => tensors as unknown as Record<string, tf.Tensor>
  time('HeddleAdamW 2.4 million', () => kernel('HeddleAdamW', list(groups.flat()), { ...settings, ...rates }))
  time('HeddleGlobalNorm 2.4 million', () => kernel('HeddleGlobalNorm', list(groups[1]!)))
}
