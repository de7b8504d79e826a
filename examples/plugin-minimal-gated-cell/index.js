import { HeddleError } from '@heddle/core'
import { initializers, linear, observe, Parameter } from '@heddle/layers'
import { cellPoint, RecurrentCell } from '@heddle/rnn'
import * as tf from '@tensorflow/tfjs-core'

// B batch, I input size, H hidden size

/**
 * Minimal gated unit: a GRU with a single gate that resets and updates.
 *
 *     f = σ(x·inputWeight_f + h·forgetWeight + bias_f)
 *     n = tanh(x·inputWeight_n + (f ⊙ h)·candidateWeight + bias_n)
 *     h' = (1 - f) ⊙ h + f ⊙ n
 *
 * State: [h], [B, H]. Two thirds of a GRU's weights.
 *
 * @see Zhou et al. 2016, "Minimal gated unit for recurrent neural networks"
 */
export class MinimalGatedCell extends RecurrentCell {
  constructor({ inputSize, hiddenSize, forgetBias }, rng) {
    super()
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize]
    this.gates = ['forgetGate'] // reported by forward, for tools that look inside
    const bound = 1 / Math.sqrt(hiddenSize)
    const uniform = initializers.uniform(-bound, bound)
    this.inputWeight = new Parameter([inputSize, 2 * hiddenSize], uniform, rng)
    this.forgetWeight = new Parameter([hiddenSize, hiddenSize], uniform, rng)
    this.candidateWeight = new Parameter([hiddenSize, hiddenSize], uniform, rng)
    const bias = ([size]) => new Float32Array(size).fill(forgetBias, 0, hiddenSize)
    this.bias = new Parameter([2 * hiddenSize], bias, rng)
  }

  /** @param x [B, I] */
  forward(x, [h]) {
    const fromInput = linear(x, this.inputWeight.value, this.bias.value) // [B, 2·H]
    const [gateInput, candidateInput] = tf.split(fromInput, 2, 1)
    const f = tf.sigmoid(tf.add(gateInput, tf.matMul(h, this.forgetWeight.value)))
    observe(this, 'forgetGate', f)
    const n = tf.tanh(tf.add(candidateInput, tf.matMul(tf.mul(f, h), this.candidateWeight.value)))
    const next = tf.add(h, tf.mul(f, tf.sub(n, h)))
    return { output: next, state: [next] }
  }
}

/**
 * Schema of the cell's settings. Any library with Standard Schema will do (zod, valibot, arktype); this one is written by hand.
 *
 * @see https://standardschema.dev
 */
const config = {
  '~standard': {
    version: 1,
    vendor: 'acme',
    validate(value) {
      const { forgetBias = 0, ...rest } = value ?? {}
      const unknown = Object.keys(rest)
      if (unknown.length > 0) return { issues: [{ message: `Unknown key '${unknown[0]}'` }] }
      if (!Number.isFinite(forgetBias)) return { issues: [{ message: 'Expected a number', path: ['forgetBias'] }] }
      return { value: { forgetBias } }
    },
    jsonSchema: {
      input: () => ({
        type: 'object',
        properties: {
          forgetBias: {
            type: 'number',
            default: 0,
            description: 'initial bias of the gate; above 0 the cell forgets faster',
          },
        },
        additionalProperties: false,
      }),
    },
  },
}

/** Plugin for `--plugin` and `createRegistry`. */
export const minimalGatedCell = {
  name: '@acme/heddle-minimal-gated-cell',
  version: '1.0.0',
  contributes: [
    cellPoint.of({
      name: 'acme/mgu',
      summary: 'minimal gated unit: a single gate resets and updates',
      config,
      create({ forgetBias }, { inputSize, hiddenSize, rng }) {
        if (!(hiddenSize > 0)) {
          throw new HeddleError('config', `acme/mgu: expected a hiddenSize above 0, got ${hiddenSize}.`)
        }
        return new MinimalGatedCell({ inputSize, hiddenSize, forgetBias }, rng)
      },
    }),
  ],
}
