import { readFileSync } from 'node:fs'
import { createRegistry, RandomStream } from '@heddle/core'
import { initializers, Module, Parameter, stateDict, valueAndGradients } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  AdamW,
  type Optimizer,
  optimizerPoint,
  RMSProp,
  SGD,
  trainerPlugin,
} from '../index.ts'

beforeAll(useCpu)

const classes = { SGD, Adam, AdamW, RMSProp, Adagrad, Adadelta, Adafactor }
type Name = keyof typeof classes

interface Trajectory {
  optimizer: Name
  learningRate: number
  options: Record<string, number | boolean>
  x: number[][]
  y: number[][]
  steps: [number[][], number[]][]
}

const { trajectories } = JSON.parse(readFileSync(new URL('../../fixtures/torch.json', import.meta.url), 'utf8')) as {
  trajectories: Trajectory[]
}

class Affine extends Module {
  readonly weight: Parameter
  readonly bias: Parameter

  constructor([weight, bias]: [number[][], number[]]) {
    super()
    const rng = new RandomStream(1)
    this.weight = new Parameter([4, 3], () => Float32Array.from(weight.flat()), rng)
    this.bias = new Parameter([3], () => Float32Array.from(bias), rng)
  }

  forward(x: tf.Tensor): tf.Tensor {
    return tf.add(tf.matMul(x as tf.Tensor2D, this.weight.value as unknown as tf.Tensor2D), this.bias.value)
  }
}

function train(model: Affine, optimizer: Optimizer, { x, y, learningRate }: Trajectory): void {
  const X = tf.tensor2d(x)
  const Y = tf.tensor2d(y)
  const { value, gradients } = valueAndGradients(
    model,
    () => tf.mul(tf.mean(tf.square(tf.sub(model.forward(X), Y))), 10) as tf.Scalar,
  )
  optimizer.step(gradients, learningRate)
  tf.dispose([X, Y, value, ...gradients.values()])
}

const numbers = (model: Affine) => [...model.weight.value.dataSync(), ...model.bias.value.dataSync()]
const make = (model: Affine, { optimizer, options }: Trajectory) =>
  new classes[optimizer](model, { ...options, decays: 'all' })

describe('trajectories equal those of torch', () => {
  it.each(trajectories.map((t) => [t.optimizer, JSON.stringify(t.options), t] as const))(
    '%s %s',
    (_, __, trajectory) => {
      const model = new Affine(trajectory.steps[0]!)
      const optimizer = make(model, trajectory)
      for (const expected of trajectory.steps.slice(1)) {
        train(model, optimizer, trajectory)
        for (const [i, x] of [...expected[0].flat(), ...expected[1]].entries()) {
          expect(Math.abs(numbers(model)[i]! - x)).toBeLessThan(1e-5 + 1e-4 * Math.abs(x))
        }
      }
    },
  )
})

describe('every optimizer', () => {
  const distinct = trajectories.filter(({ options }) => Object.keys(options).length > 0)

  it.each(distinct.map((t) => [t.optimizer, JSON.stringify(t.options), t] as const))(
    'goes on from its saved state bit for bit: %s %s',
    async (_, __, trajectory) => {
      const model = new Affine(trajectory.steps[0]!)
      const optimizer = make(model, trajectory)
      for (let n = 0; n < 4; n++) train(model, optimizer, trajectory)
      const state = await optimizer.state()
      const copy = new Affine([model.weight.value.arraySync() as number[][], model.bias.value.arraySync() as number[]])
      const resumed = make(copy, trajectory)
      resumed.restore(state)
      for (let n = 0; n < 4; n++) {
        train(model, optimizer, trajectory)
        train(copy, resumed, trajectory)
      }
      expect(numbers(copy)).toEqual(numbers(model))
      expect(await resumed.state()).toEqual(await optimizer.state())
    },
  )

  it.each(trajectories.map((t) => [t.optimizer, JSON.stringify(t.options), t] as const))(
    'leaves no tensor behind and scales gradients as asked: %s %s',
    (_, __, trajectory) => {
      const model = new Affine(trajectory.steps[0]!)
      const optimizer = make(model, trajectory)
      train(model, optimizer, trajectory)
      const before = tf.memory().numTensors
      for (let n = 0; n < 3; n++) train(model, optimizer, trajectory)
      expect(tf.memory().numTensors).toBe(before)
      optimizer.dispose()

      const [a, b] = [1, 4].map((factor) => {
        const scaled = new Affine(trajectory.steps[0]!)
        const gradients = new Map([[scaled.weight, tf.mul(scaled.weight.value, factor)]])
        make(scaled, trajectory).step(gradients, trajectory.learningRate, { gradientScale: 1 / factor })
        return numbers(scaled)
      })
      for (const [i, x] of a!.entries()) expect(b![i]).toBeCloseTo(x, 5)
      expect(a!.slice(0, 12)).not.toEqual(trajectory.steps[0]![0].flat().map(Math.fround))
    },
  )

  it('is made from a config', () => {
    const registry = createRegistry(trainerPlugin)
    const trajectory = trajectories.find(
      ({ optimizer, options }) => optimizer === 'AdamW' && options['weightDecay'] === 0.2,
    )!
    const model = new Affine(trajectory.steps[0]!)
    const spec = { type: 'adamw', weightDecay: 0.2, decays: 'all', groups: [{ match: 'nothing' }] }
    expect(() => registry.create(optimizerPoint, spec, { root: model })).toThrow(
      "Optimizer: expected group 'nothing' to match a parameter, got none. The paths start with 'weight', 'bias'.",
    )
    const optimizer = registry.create(optimizerPoint, { ...spec, groups: [] }, { root: model })
    train(model, optimizer, trajectory)
    expect(numbers(model)[0]).toBeCloseTo(trajectory.steps[1]![0][0]![0]!, 5)
    for (const { name } of registry.list(optimizerPoint))
      registry.create(optimizerPoint, { type: name }, { root: model })
    expect(registry.list(optimizerPoint).length).toBe(9)
  })
})

describe('groups', () => {
  const start = trajectories[0]!.steps[0]!

  it('leaves biases out of weight decay unless told otherwise', () => {
    const zeros = (model: Affine) =>
      new Map([
        [model.weight, tf.zeros([4, 3])],
        [model.bias, tf.zeros([3])],
      ])
    const run = (decays?: 'all' | ((path: string) => boolean)) => {
      const model = new Affine(start)
      new AdamW(model, { weightDecay: 0.5, ...(decays && { decays }) }).step(zeros(model), 0.1)
      return [numbers(model)[0]! / start[0][0]![0]!, numbers(model)[12]! / start[1][0]!]
    }
    const decayed = expect.closeTo(0.95, 5)
    const kept = expect.closeTo(1, 5)
    expect(run()).toEqual([decayed, kept])
    expect(run('all')).toEqual([decayed, decayed])
    expect(run((path) => path === 'bias')).toEqual([kept, decayed])
  })

  it('multiplies the learning rate by the factor of the first group that matches', () => {
    const root = { trunk: new Affine(start), head: new Affine(start) }
    const optimizer = new SGD(root, {
      groups: [
        { match: 'trunk.bias', learningRateFactor: 0 },
        { match: (path) => path.startsWith('trunk'), learningRateFactor: 0.1, weightDecay: 0.5 },
      ],
    })
    const ones = (model: Affine) =>
      [
        [model.weight, tf.ones([4, 3])],
        [model.bias, tf.ones([3])],
      ] as [Parameter, tf.Tensor][]
    optimizer.step(new Map([...ones(root.trunk), ...ones(root.head)]), 1)
    const w = start[0][0]![0]!
    expect(root.trunk.weight.value.dataSync()[0]).toBeCloseTo(w - 0.1 * (1 + 0.5 * w), 5)
    expect(root.trunk.bias.value.dataSync()[0]).toBeCloseTo(start[1][0]!, 5)
    expect(root.head.weight.value.dataSync()[0]).toBeCloseTo(w - 1, 5)
  })

  it('counts the steps of a parameter that is thawed later from its own beginning', async () => {
    const model = new Affine(start)
    const optimizer = new AdamW(model, { weightDecay: 0 })
    const gradient = () => tf.ones([3])
    for (let n = 0; n < 5; n++) optimizer.step(new Map([[model.weight, tf.ones([4, 3])]]), 0.1)
    expect([...(await optimizer.state()).keys()]).toEqual(['weight.steps', 'weight.m', 'weight.v'])
    optimizer.step(
      new Map([
        [model.weight, tf.ones([4, 3])],
        [model.bias, gradient()],
      ]),
      0.1,
    )
    // Adam's first step has the size of the rate.
    expect(model.bias.value.dataSync()[0]).toBeCloseTo(start[1][0]! - 0.1, 5)
    expect(model.weight.value.dataSync()[0]).toBeCloseTo(start[0][0]![0]! - 0.6, 4)
  })
})

describe('what does not fit is refused', () => {
  const start = trajectories[0]!.steps[0]!

  it('names what is wrong in a state', async () => {
    const model = new Affine(start)
    const adam = new AdamW(model)
    train(model, adam, trajectories[0]!)
    const state = await adam.state()
    expect(() => new SGD(model, { momentum: 0.9 }).restore(state)).toThrow(
      /SGD.restore: .*missing 'weight.u'.*unexpected 'weight.m'/,
    )
    state.delete('bias.v')
    expect(() => adam.restore(state)).toThrow("missing 'bias.v'")
    const before = await stateDict(model)
    expect(before.size).toBe(2)
  })

  it('names a wrong setting, and gradients of another model', () => {
    const model = new Affine(start)
    expect(() => new AdamW(model, { beta1: 1 })).toThrow("AdamW: 'beta1'")
    const other = new Parameter([2], initializers.zeros, new RandomStream(1))
    expect(() => new AdamW(model).step(new Map([[other, tf.zeros([2])]]), 0.1)).toThrow(
      'AdamW: expected gradients of its own parameters, got one of another [2].',
    )
  })
})

it('SGD refuses what its momentum cannot do', () => {
  expect(() => new SGD({}, { nesterov: true })).toThrow('SGD: expected nesterov or dampening with a momentum above 0')
  expect(() => new SGD({}, { dampening: 0.5 })).toThrow('got momentum 0, nesterov false and dampening 0.5')
  expect(() => new SGD({}, { momentum: 0.9, dampening: 0.5, nesterov: true })).toThrow('and not both')
  expect(new SGD({}, { momentum: 0.9, dampening: 0.5 }).pyTorch).toBe(
    'torch.optim.SGD(groups, momentum=0.9, dampening=0.5)',
  )
})

it('centered RMSprop stays finite where the gradient never changes', () => {
  const weight = new Parameter([2], initializers.zeros, new RandomStream(1))
  const optimizer = new RMSProp({ weight }, { centered: true, decay: 0.5 })
  const gradient = tf.tensor1d([0.1, 0.01])
  for (let step = 0; step < 40; step++) optimizer.step(new Map([[weight, gradient]]), 1e-3)
  expect([...weight.value.dataSync()].every(Number.isFinite)).toBe(true)
  gradient.dispose()
  optimizer.dispose()
})
