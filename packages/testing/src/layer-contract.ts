import { RandomStream } from '@heddle/core'
import {
  disposeParameters,
  loadStateDict,
  type Module,
  namedParameters,
  setTraining,
  stateDict,
  valueAndGradients,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GradientCheckOptions, gradientCheck } from './gradient-check.ts'
import { useCpu } from './use-cpu.ts'

type Outputs = tf.Tensor | readonly tf.Tensor[]

export interface LayerContract<M extends Module> {
  readonly make: (rng: RandomStream) => M
  /** Inputs of a forward pass, small: every element may be differentiated by differences. */
  readonly inputs: (rng: RandomStream) => readonly tf.Tensor[]
  /** Runs it (default: `forward` on the inputs, which gives a tensor). */
  readonly run?: (module: M, ...inputs: tf.Tensor[]) => Outputs
  /** Shapes of the outputs. */
  readonly shapes: readonly (readonly number[])[]
  /** Whether training draws random numbers (default false). */
  readonly random?: boolean
  readonly gradient?: GradientCheckOptions
}

/** A float tensor of normal draws. */
export function randomTensor(rng: RandomStream, shape: readonly number[], scale = 1): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => rng.normal(0, scale)),
    [...shape],
    'float32',
  )
}

/** Tests that every layer has to pass. */
export function layerContract<M extends Module>(name: string, contract: LayerContract<M>): void {
  const run =
    contract.run ??
    ((module: M, ...inputs: tf.Tensor[]) => (module.forward as (...x: tf.Tensor[]) => Outputs)(...inputs))
  const list = (outputs: Outputs) => (Array.isArray(outputs) ? outputs : [outputs as tf.Tensor]) as tf.Tensor[]
  const numbers = (module: M, inputs: readonly tf.Tensor[]) =>
    tf.tidy(() => list(run(module, ...inputs)).map((output) => [...output.dataSync()]))

  describe(`${name} keeps the contract of layers:`, () => {
    beforeAll(useCpu)
    let inputs: readonly tf.Tensor[] = []
    let module: M
    beforeEach(() => {
      inputs = contract.inputs(new RandomStream(5))
      module = contract.make(new RandomStream(1))
    })
    afterEach(() => {
      tf.dispose([...inputs])
      disposeParameters(module)
    })

    it('its outputs have the stated shapes and finite numbers', () => {
      tf.tidy(() => {
        const outputs = list(run(module, ...inputs))
        expect(outputs.map((output) => output.shape)).toEqual(contract.shapes)
        for (const output of outputs) expect([...output.dataSync()].every(Number.isFinite)).toBe(true)
      })
    })

    it('its gradients are those of finite differences', async () => {
      setTraining(module, false)
      await gradientCheck((...at) => run(module, ...at), inputs, { root: module, ...contract.gradient })
    })

    it('the same seed gives the same numbers, another seed others', () => {
      const first = numbers(module, inputs)
      const again = contract.make(new RandomStream(1))
      expect(numbers(again, inputs)).toEqual(first)
      disposeParameters(again)
      if (namedParameters(module).length === 0 && !contract.random) return
      const other = contract.make(new RandomStream(2))
      const differs = namedParameters(other).some(
        ([, parameter], i) =>
          parameter.value.dataSync().join() !== namedParameters(module)[i]![1].value.dataSync().join(),
      )
      const constant = namedParameters(other).every(([, { value }]) => new Set(value.dataSync()).size === 1)
      if (!constant) expect(differs).toBe(true)
      disposeParameters(other)
    })

    it('its weights, saved and loaded into another one, give the same numbers', async () => {
      setTraining(module, false)
      const changed = new RandomStream(9)
      for (const [, parameter] of namedParameters(module)) {
        tf.tidy(() => parameter.assign(randomTensor(changed, parameter.shape)))
      }
      const expected = numbers(module, inputs)
      const other = contract.make(new RandomStream(2))
      setTraining(other, false)
      loadStateDict(other, await stateDict(module))
      expect(numbers(other, inputs)).toEqual(expected)
      disposeParameters(other)
    })

    it('a pass forward and back leaves no tensor behind and frees none that it was given', () => {
      const hasWeights = namedParameters(module).length > 0
      const step = () =>
        tf.tidy(() => {
          const loss = () => tf.addN(list(run(module, ...inputs)).map((output) => tf.sum(output))) as tf.Scalar
          if (hasWeights) valueAndGradients(module, loss)
          else loss()
        })
      step()
      const before = tf.memory().numTensors
      step()
      expect(tf.memory().numTensors).toBe(before)
      expect(inputs.some((input) => input.isDisposed)).toBe(false)
    })

    it(contract.random ? 'it is random in training only' : 'training and evaluation compute the same', () => {
      setTraining(module, false)
      const evaluated = numbers(module, inputs)
      expect(numbers(module, inputs)).toEqual(evaluated)
      setTraining(module, true)
      const trained = numbers(module, inputs)
      if (contract.random) {
        expect(trained).not.toEqual(evaluated)
        expect(numbers(module, inputs)).not.toEqual(trained)
      } else expect(trained).toEqual(evaluated)
    })
  })
}
