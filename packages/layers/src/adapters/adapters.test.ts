import { createRegistry, RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { valueAndGradients } from '../gradients.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { layersPlugin } from '../plugin.ts'
import { namedParameters } from '../tree.ts'
import { type Adaptable, type Adapter, adapterOutput } from './adapter.ts'
import { addAdapters } from './add-adapters.ts'
import { LowRankAdapter } from './low-rank-adapter.ts'
import { mergeAdapters } from './merge-adapters.ts'

layerContract('LowRankAdapter', {
  make(rng) {
    const adapter = new LowRankAdapter({ rank: 2, alpha: 3 }, { inputSize: 4, outputSize: 3 }, rng)
    adapter.up.assign(randomTensor(rng, [2, 3]))
    return adapter
  },
  inputs: (rng) => [randomTensor(rng, [2, 5, 4])],
  shapes: [[2, 5, 3]],
})

/** A linear map of a plugin: no Linear, only the interface. */
class Scaled extends Module implements Adaptable {
  readonly weight: Parameter
  adapter: Adapter | undefined

  constructor(rng: RandomStream) {
    super()
    this.weight = new Parameter([3, 2], (shape) => new Float32Array(shape[0]! * shape[1]!).fill(0.5), rng)
  }

  forward(x: tf.Tensor): tf.Tensor {
    const y = tf.matMul(x as tf.Tensor2D, this.weight.value as tf.Tensor as tf.Tensor2D)
    return adapterOutput(this, x, y)
  }
}

class Network extends Module {
  readonly query: Linear
  readonly key: Linear
  readonly output: Scaled

  constructor(rng: RandomStream) {
    super()
    this.query = new Linear({ inputSize: 4, outputSize: 3 }, rng)
    this.key = new Linear({ inputSize: 3, outputSize: 3 }, rng)
    this.output = new Scaled(rng)
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.output.forward(tf.tanh(this.key.forward(tf.tanh(this.query.forward(x)))))
  }
}

describe('adapters', () => {
  beforeAll(useCpu)
  const context = () => ({ registry: createRegistry([layersPlugin]), rng: new RandomStream(7) })
  const network = () => new Network(new RandomStream(1))
  const x = () => randomTensor(new RandomStream(2), [5, 4])
  const adapted = (targets = ['query', 'output']) => {
    const model = network()
    addAdapters(model, { type: 'lora', rank: 2, alpha: 4 }, { targets }, context())
    return model
  }
  const change = (model: Network) => {
    for (const [path, parameter] of namedParameters(model)) {
      if (path.endsWith('.up')) parameter.assign(randomTensor(new RandomStream(3), [...parameter.shape]))
    }
  }

  it('change nothing before they are trained, and keep the paths of the weights', () => {
    const [plain, model] = [network(), adapted()]
    expectClose(model.forward(x()), plain.forward(x()))
    const paths = namedParameters(model).map(([path]) => path)
    expect(paths).toEqual(expect.arrayContaining(namedParameters(plain).map(([path]) => path)))
    expect(paths.filter((path) => path.includes('adapter'))).toEqual([
      'query.adapter.down',
      'query.adapter.up',
      'output.adapter.down',
      'output.adapter.up',
    ])
  })

  it('are trained alone: nothing computes gradients of frozen weights', () => {
    const model = adapted()
    change(model)
    const loss = () => tf.mean(tf.square(model.forward(x()))) as tf.Scalar
    const kernels: string[] = []
    const engine = tf.engine()
    const { runKernel } = engine
    engine.runKernel = ((name: string, ...rest: [never]) => {
      kernels.push(name)
      return runKernel.call(engine, name, ...rest)
    }) as typeof runKernel
    const products = (model: Network) => {
      kernels.length = 0
      const { gradients } = valueAndGradients(model, loss)
      return { gradients, count: kernels.filter((name) => /MatMul/.test(name)).length }
    }
    try {
      const { gradients, count } = products(model)
      const paths = namedParameters(model).flatMap(([path, parameter]) => (gradients.has(parameter) ? [path] : []))
      expect(paths).toEqual(['query.adapter.down', 'query.adapter.up', 'output.adapter.down', 'output.adapter.up'])
      for (const [, parameter] of namedParameters(model)) parameter.trainable = true
      // The weights of query, key and output: a product each more.
      expect(products(model).count - count).toBe(3)
    } finally {
      engine.runKernel = runKernel
    }
  })

  it('merge into the weights with the same outputs, and come out again bit for bit', () => {
    const model = adapted()
    change(model)
    const before = model.forward(x())
    const weight = model.query.weight.value.dataSync().slice()
    const merged = mergeAdapters(model)
    expect(namedParameters(model)).toHaveLength(5)
    expectClose(model.forward(x()), before)
    expect(model.query.weight.value.dataSync()).not.toEqual(weight)
    merged.unmerge()
    merged.dispose()
    expect(model.query.weight.value.dataSync()).toEqual(weight)
    expect(model.forward(x()).dataSync()).toEqual(before.dataSync())
  })

  it('scale by alpha over the rank, or over its root', () => {
    const make = (rankStabilized: boolean) =>
      new LowRankAdapter({ rank: 4, alpha: 8, rankStabilized }, { inputSize: 2, outputSize: 2 }, new RandomStream(1))
    expect([make(false).scale, make(true).scale]).toEqual([2, 4])
  })

  it('may leave further parameters to train', () => {
    const model = network()
    addAdapters(model, 'lora', { targets: ['query'], alsoTrain: ['key.bias'] }, context())
    expect(namedParameters(model).flatMap(([path, { trainable }]) => (trainable ? [path] : []))).toEqual([
      'query.adapter.down',
      'query.adapter.up',
      'key.bias',
    ])
  })

  it('name a target that matches nothing, and layers that have one already', () => {
    expect(() => adapted(['qeury'])).toThrow(/expected 'qeury' to match a linear layer.*'query'/)
    expect(() => addAdapters(adapted(), 'lora', { targets: ['query'] }, context())).toThrow(
      /'query' without an adapter/,
    )
    expect(() => addAdapters(network(), 'lora', { targets: ['query'], alsoTrain: ['heads'] }, context())).toThrow(
      /expected 'heads' to match a parameter/,
    )
  })
})
