import { RandomStream } from '@heddle/core'
import { initializers, Parameter, valueAndGradients } from '@heddle/layers'
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  clipByNorm,
  Muon,
  type Optimizer,
  RMSProp,
  SGD,
} from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

interface TorchSettings {
  readonly lr: number
  readonly weight_decay: number
  /** Two numbers, or null for the default, in Adafactor. */
  readonly eps: number
  readonly amsgrad: boolean
  readonly beta2_decay: number
  readonly d: number
  readonly ns_steps: number
  readonly betas: readonly [number, number]
  readonly momentum: number
  readonly nesterov: boolean
  readonly alpha: number
  readonly centered: boolean
  readonly rho: number
  readonly lr_decay: number
  readonly initial_accumulator_value: number
}

/** PyTorch's optimizers by the name of their class. */
const optimizers: Record<string, (root: object, settings: TorchSettings) => Optimizer> = {
  SGD: (root, { momentum, nesterov, weight_decay: weightDecay }) =>
    new SGD(root, { momentum, nesterov, weightDecay, decays: 'all' }),
  Adam: (root, { betas: [beta1, beta2], eps: epsilon, amsgrad, weight_decay: weightDecay }) =>
    new Adam(root, { beta1, beta2, epsilon, amsgrad, weightDecay, decays: 'all' }),
  AdamW: (root, { betas: [beta1, beta2], eps: epsilon, amsgrad, weight_decay: weightDecay }) =>
    new AdamW(root, { beta1, beta2, epsilon, amsgrad, weightDecay, decays: 'all' }),
  RMSprop: (root, { alpha: decay, eps: epsilon, momentum, centered, weight_decay: weightDecay }) =>
    new RMSProp(root, { decay, epsilon, momentum, centered, weightDecay, decays: 'all' }),
  Adagrad: (root, { eps: epsilon, initial_accumulator_value, lr_decay, weight_decay: weightDecay }) =>
    new Adagrad(root, {
      epsilon,
      initialAccumulator: initial_accumulator_value,
      learningRateDecay: lr_decay,
      weightDecay,
      decays: 'all',
    }),
  Adadelta: (root, { rho: decay, eps: epsilon, weight_decay: weightDecay }) =>
    new Adadelta(root, { decay, epsilon, weightDecay, decays: 'all' }),
  Adafactor: (root, { beta2_decay: decayExponent, d: clipThreshold, eps, weight_decay: weightDecay }) => {
    const [epsilon, minimumScale] = eps as unknown as readonly [number | null, number]
    const floor = epsilon === null ? {} : { epsilon }
    return new Adafactor(root, { decayExponent, clipThreshold, minimumScale, weightDecay, decays: 'all', ...floor })
  },
  // Its coefficients and epsilon are torch's defaults.
  Muon: (root, { momentum, ns_steps: newtonSchulzSteps, weight_decay: weightDecay }) =>
    new Muon(root, { momentum, newtonSchulzSteps, weightDecay, stepSize: 'original', decays: 'all' }),
}

/** optim/*, but the schedules: the weights after each of some steps on one batch. */
export const optimHandler: Handler = {
  covers: (name) => /^optim\/(?!schedules)/.test(name),
  async compare(golden) {
    const make = optimizers[setting<string>(golden, 'optimizer')]
    if (make === undefined) throw new Error(`${golden.name}: no optimizer is named '${golden.settings['optimizer']}'.`)
    return follow(golden, make)
  },
}

async function follow(golden: GoldenCase, make: (root: object, settings: TorchSettings) => Optimizer) {
  const settings = setting<TorchSettings>(golden, 'settings')
  const clip = setting<number | null>(golden, 'clip')
  const [x, y, start] = ['in.x', 'in.y', 'in.w0'].map((name) => tensorOf(golden, name)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ]
  const root = { weight: new Parameter(start.shape, initializers.zeros, new RandomStream(0)) }
  root.weight.assign(start)
  const optimizer = make(root, settings)
  const comparisons: Comparison[] = []
  for (let step = 1; step <= setting<number>(golden, 'steps'); step++) {
    tf.tidy(() => {
      const product = () => tf.matMul(x as tf.Tensor2D, root.weight.value as tf.Tensor as tf.Tensor2D)
      const { gradients } = valueAndGradients(
        root,
        () => tf.mul(tf.mean(tf.square(tf.sub(product(), y))), 10) as tf.Scalar,
      )
      optimizer.step(clip === null ? gradients : clipByNorm(gradients, clip), settings.lr)
    })
    const expected = tensorOf(golden, `out.w${step}`)
    comparisons.push({
      name: `out.w${step}`,
      kind: 'value',
      shape: root.weight.shape,
      expectedShape: expected.shape,
      // Copied, since the weights may be changed in place.
      actual: (await root.weight.value.data()).slice(),
      expected: await expected.data(),
    })
    expected.dispose()
  }
  optimizer.dispose()
  root.weight.dispose()
  tf.dispose([x, y, start])
  return comparisons
}
