import { RandomStream } from '@heddle/core'
import { disposeParameters, type Encoder, type EncoderInput, setTraining } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectClose } from './close.ts'
import type { GradientCheckOptions } from './gradient-check.ts'
import { layerContract, randomTensor } from './layer-contract.ts'
import { useCpu } from './use-cpu.ts'

// B batch, T steps, D size of a step's vector, M size of the summary

export interface EncoderContract {
  readonly make: (rng: RandomStream) => Encoder
  /** Kind and size of the data that it is made for. */
  readonly input: EncoderInput
  /** Sizes of its output. */
  readonly sizes: {
    /** T: regions of a picture; as many as the input has (5) for tokens and vectors. */
    readonly steps?: number
    /** D */
    readonly outputSize: number
    /** M */
    readonly summarySize: number
  }
  /** Whether training draws random numbers (default false). */
  readonly random?: boolean
  readonly gradient?: GradientCheckOptions
}

const [B, T] = [3, 5]
const LENGTHS = [5, 2, 3]

/** Tests that every encoder has to pass. */
export function encoderContract(name: string, contract: EncoderContract): void {
  const { make, input, random = false, gradient } = contract
  const { steps = T, outputSize, summarySize } = contract.sizes
  const isPicture = 'height' in input

  layerContract(name, {
    make,
    inputs: (rng) => [inputsOf(input, rng)],
    run: (encoder, inputs) => {
      const { outputs, summary } = encoder.forward(inputs!)
      return [outputs, summary]
    },
    shapes: [
      [B, steps, outputSize],
      [B, summarySize],
    ],
    random,
    ...(gradient && { gradient }),
  })

  describe(`${name} keeps the contract of encoders:`, () => {
    beforeAll(useCpu)
    let encoder: Encoder
    let inputs: tf.Tensor
    let lengths: tf.Tensor
    beforeEach(() => {
      tf.engine().startScope()
      encoder = make(new RandomStream(3))
      setTraining(encoder, false)
      inputs = inputsOf(input, new RandomStream(4))
      lengths = tf.tensor(LENGTHS, [B], 'int32')
    })
    afterEach(() => {
      disposeParameters(encoder)
      tf.engine().endScope()
    })

    it('its outputs, summary and state have the sizes that it states', () => {
      const { state } = encoder.forward(inputs)
      expect([encoder.outputSize, encoder.summarySize]).toEqual([outputSize, summarySize])
      expect(state?.map((layer) => layer.map(({ shape }) => shape))).toEqual(
        encoder.stateSizes?.map((layer) => layer.map((size) => [B, size])),
      )
    })

    it('a row does not depend on the other rows of its batch', () => {
      const { outputs, summary } = encoder.forward(inputs)
      for (let b = 0; b < B; b++) {
        const row = tf.slice(inputs, [b, ...inputs.shape.slice(1).map(() => 0)], [1, ...inputs.shape.slice(1)])
        const alone = encoder.forward(row)
        expectClose(tf.slice(outputs, [b, 0, 0], [1, -1, -1]), alone.outputs)
        expectClose(tf.slice(summary, [b, 0], [1, -1]), alone.summary)
      }
    })

    it('refuses data of another kind', () => {
      const other: EncoderInput = 'vocabSize' in input ? { height: 4, width: 4 } : { vocabSize: 3 }
      expect(() => encoder.forward(inputsOf(other, new RandomStream(1)))).toThrow()
    })

    if (isPicture) return

    it('its mask is true at the real steps', () => {
      const { mask } = encoder.forward(inputs, { lengths })
      const real = LENGTHS.map((length) => Array.from({ length: T }, (_, t) => Number(t < length)))
      expect(mask?.dtype).toBe('bool')
      expect(mask?.arraySync()).toEqual(real)
    })

    it('outputs, summary and state do not depend on what stands past a length', () => {
      const clean = encoder.forward(inputs, { lengths })
      const dirty = encoder.forward(otherPadding(inputs, input), { lengths })
      LENGTHS.forEach((length, b) => {
        const real = (outputs: tf.Tensor) => tf.slice(outputs, [b, 0, 0], [1, length, -1])
        expectClose(real(dirty.outputs), real(clean.outputs))
      })
      expectClose(dirty.summary, clean.summary)
      clean.state?.flat().forEach((tensor, i) => {
        expectClose(dirty.state!.flat()[i]!, tensor)
      })
    })

    it('a padded row is as if it stood alone without its padding', () => {
      const { outputs, summary, state } = encoder.forward(inputs, { lengths })
      LENGTHS.forEach((length, b) => {
        const rest = inputs.shape.slice(2)
        const row = tf.slice(inputs, [b, 0, ...rest.map(() => 0)], [1, length, ...rest])
        const alone = encoder.forward(row)
        expectClose(tf.slice(outputs, [b, 0, 0], [1, length, -1]), alone.outputs)
        expectClose(tf.slice(summary, [b, 0], [1, -1]), alone.summary)
        state?.flat().forEach((tensor, i) => {
          expectClose(tf.slice(tensor, [b, 0], [1, -1]), alone.state!.flat()[i]!)
        })
      })
    })
  })
}

function inputsOf(input: EncoderInput, rng: RandomStream): tf.Tensor {
  if ('vocabSize' in input) {
    const ids = Int32Array.from({ length: B * T }, () => rng.integer(input.vocabSize))
    return tf.tensor2d(ids, [B, T], 'int32')
  }
  if ('featureSize' in input) return randomTensor(rng, [B, T, input.featureSize])
  return randomTensor(rng, [B, input.height, input.width, input.channels ?? 3])
}

/** The same inputs, with other steps past each row's length. */
function otherPadding(inputs: tf.Tensor, input: EncoderInput): tf.Tensor {
  const padding = LENGTHS.map((length) => Array.from({ length: T }, (_, t) => t >= length))
  const other = tf.reverse(inputsOf(input, new RandomStream(8)), 1)
  const mask = tf.tensor(padding, [B, T], 'bool')
  return tf.where(inputs.rank === 3 ? tf.expandDims(mask, 2) : mask, other, inputs)
}
