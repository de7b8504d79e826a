import { RandomStream } from '@heddle/core'
import { disposeParameters, initializers, Parameter, type StateDict, valueAndGradients } from '@heddle/layers'
import type { Optimizer } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useCpu } from './use-cpu.ts'

// B rows, I inputs, O outputs

export interface OptimizerContract {
  /** Makes the optimizer of the parameters below `root`. */
  readonly make: (root: object) => Optimizer
  /** A rate at which it makes progress on a small regression (default 0.01). */
  readonly learningRate?: number
  /** Steps of the regression after which the loss must be below nine tenths of the first (default 50). */
  readonly steps?: number
}

const [B, I, O] = [8, 4, 3]

/** A linear regression with a fixed solution: weight [I, O], bias [O]. */
interface Regression {
  readonly weight: Parameter
  readonly bias: Parameter
}

/** Tests that every optimizer has to pass, on a regression with a matrix and a vector. */
export function optimizerContract(name: string, contract: OptimizerContract): void {
  const { make, learningRate = 0.01, steps = 50 } = contract

  describe(`${name} keeps the contract of optimizers:`, () => {
    beforeAll(useCpu)

    it('it lowers the loss of a regression', () => {
      const root = regression()
      const optimizer = make(root)
      const first = update(root, optimizer, learningRate)
      let last = first
      for (let step = 1; step < steps; step++) last = update(root, optimizer, learningRate)
      expect(last).toBeLessThan(0.9 * first)
      release(root, optimizer)
    })

    it('with a learning rate of 0 the parameters stay as they are', () => {
      const root = regression()
      const optimizer = make(root)
      const before = numbers(root)
      for (let step = 0; step < 3; step++) update(root, optimizer, 0)
      expect(numbers(root)).toEqual(before)
      release(root, optimizer)
    })

    it('a parameter without a gradient stays as it is, and moves once it has one', () => {
      const root = regression()
      const optimizer = make(root)
      const before = numbers(root)
      const only = (parameter: Parameter) => {
        const gradient = tf.ones([...parameter.shape])
        optimizer.step(new Map([[parameter, gradient]]), learningRate)
        gradient.dispose()
      }
      only(root.weight)
      expect(numbers(root).slice(I * O)).toEqual(before.slice(I * O))
      expect(numbers(root).slice(0, I * O)).not.toEqual(before.slice(0, I * O))
      only(root.bias)
      expect(numbers(root).slice(I * O)).not.toEqual(before.slice(I * O))
      release(root, optimizer)
    })

    it('gradients times 4 with a gradient scale of 1/4 make the same step', () => {
      const [plain, scaled] = [1, 4].map((factor) => {
        const root = regression()
        const optimizer = make(root)
        for (let step = 0; step < 3; step++) update(root, optimizer, learningRate, factor)
        const result = numbers(root)
        release(root, optimizer)
        return result
      })
      plain!.forEach((value, i) => {
        expect(scaled![i], `number ${i}`).toBeCloseTo(value, 5)
      })
    })

    it('restored from its state it makes the same steps, bit for bit', async () => {
      const root = regression()
      const optimizer = make(root)
      for (let step = 0; step < 4; step++) update(root, optimizer, learningRate)
      const state = await optimizer.state()
      const kept = copyOf(state)
      const other = regression(numbers(root))
      const resumed = make(other)
      resumed.restore(state)
      for (let step = 0; step < 4; step++) {
        update(root, optimizer, learningRate)
        update(other, resumed, learningRate)
      }
      expect(numbers(other)).toEqual(numbers(root))
      expect(await resumed.state()).toEqual(await optimizer.state())
      // A state that was handed out is a copy: later steps do not change it.
      expect(state).toEqual(kept)
      release(root, optimizer)
      release(other, resumed)
    })

    it('the names of its state are paths of parameters, and a state that does not fit is refused', async () => {
      const root = regression()
      const optimizer = make(root)
      update(root, optimizer, learningRate)
      const state = await optimizer.state()
      for (const path of state.keys()) expect(path).toMatch(/^(weight|bias)\./)
      const foreign = new Map([...state, ['weight.of-another-optimizer', [...state.values()][0] ?? scalar()]])
      expect(() => optimizer.restore(foreign)).toThrow()
      // A parameter may have no state, as one that was frozen so far; it may not have a part of it.
      const ofWeight = [...state.keys()].filter((path) => path.startsWith('weight.'))
      if (ofWeight.length > 1) {
        const partial = new Map([...state].filter(([path]) => path !== ofWeight.at(-1)))
        expect(() => optimizer.restore(partial)).toThrow()
      }
      release(root, optimizer)
    })

    it('a gradient of a parameter that is not its own is refused', () => {
      const root = regression()
      const optimizer = make(root)
      const other = new Parameter([2], initializers.zeros, new RandomStream(1))
      const gradient = tf.zeros([2])
      expect(() => optimizer.step(new Map([[other, gradient]]), learningRate)).toThrow()
      gradient.dispose()
      release(root, optimizer)
    })

    it('a step leaves no tensor behind and does not free the gradients; dispose frees all but the parameters', () => {
      const root = regression()
      numbers(root)
      const before = tf.memory().numTensors
      const optimizer = make(root)
      update(root, optimizer, learningRate)
      const afterOne = tf.memory().numTensors
      for (let step = 0; step < 3; step++) update(root, optimizer, learningRate)
      expect(tf.memory().numTensors).toBe(afterOne)
      optimizer.dispose()
      expect(tf.memory().numTensors).toBe(before)
      expect(numbers(root).every(Number.isFinite)).toBe(true)
      disposeParameters(root)
    })
  })
}

function regression(values?: readonly number[]): Regression {
  const rng = new RandomStream(11)
  const from = (start: number) => (shape: readonly number[]) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return Float32Array.from({ length: size }, (_, i) => values?.[start + i] ?? rng.normal())
  }
  return { weight: new Parameter([I, O], from(0), rng), bias: new Parameter([O], from(I * O), rng) }
}

/** One step, with gradients multiplied by `factor` and a gradient scale that takes it back. @returns the loss before it */
function update(root: Regression, optimizer: Optimizer, learningRate: number, factor = 1): number {
  const rng = new RandomStream(12)
  const draw = (...shape: [number, number]) =>
    tf.tensor2d(
      Float32Array.from({ length: shape[0] * shape[1] }, () => rng.normal()),
      shape,
    )
  const [x, y] = [draw(B, I), draw(B, O)]
  const { value, gradients } = valueAndGradients(root, () => {
    const weight = root.weight.value as unknown as tf.Tensor2D
    const predicted = tf.add(tf.matMul(x, weight), root.bias.value)
    return tf.mul(tf.mean(tf.square(tf.sub(predicted, y))), factor) as tf.Scalar
  })
  optimizer.step(gradients, learningRate, { gradientScale: 1 / factor })
  for (const gradient of gradients.values()) expect(gradient.isDisposed).toBe(false)
  const loss = value.dataSync()[0]!
  tf.dispose([x, y, value, ...gradients.values()])
  return loss
}

const numbers = ({ weight, bias }: Regression) => [...weight.value.dataSync(), ...bias.value.dataSync()]

const scalar = () => ({ dtype: 'F32', shape: [], bytes: new Uint8Array(4) }) as const

const copyOf = (state: StateDict): StateDict =>
  new Map([...state].map(([path, raw]) => [path, { ...raw, bytes: raw.bytes.slice() }]))

function release(root: Regression, optimizer: Optimizer): void {
  optimizer.dispose()
  disposeParameters(root)
}
