import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Dropout } from './dropout.ts'
import { Linear } from './linear.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { Sequential } from './sequential.ts'
import { summary } from './summary.ts'
import {
  countParameters,
  disposeParameters,
  namedModules,
  namedParameters,
  namedStreams,
  setTrainable,
  setTraining,
} from './tree.ts'

class Net extends Module {
  readonly body: Sequential
  readonly heads: { readonly main: Linear; readonly tied: Linear }
  readonly scale: Parameter
  readonly size = 3
  readonly #helper: Linear

  constructor(rng: RandomStream) {
    super()
    const linear = () => new Linear({ inputSize: 3, outputSize: 3 }, rng)
    this.body = new Sequential([linear(), new Dropout({ rate: 0.5 }, rng)])
    const main = linear()
    this.heads = { main, tied: main }
    this.scale = new Parameter([3], () => new Float32Array([1, 2, 3]), rng)
    this.#helper = linear()
  }

  override forward(x: tf.Tensor): tf.Tensor {
    return this.#helper.forward(this.heads.main.forward(this.body.forward(x)))
  }
}

describe('the tree of a module', () => {
  beforeAll(useCpu)
  const net = () => new Net(new RandomStream(1))

  it('is its public fields, through arrays and plain objects; what is shared stands once, what is private not at all', () => {
    expect(namedParameters(net()).map(([path]) => path)).toEqual([
      'body.layers.0.weight',
      'body.layers.0.bias',
      'heads.main.weight',
      'heads.main.bias',
      'scale',
    ])
    expect(namedModules(net()).map(([path]) => path)).toEqual([
      '',
      'body',
      'body.layers.0',
      'body.layers.1',
      'heads.main',
    ])
    expect(namedStreams(net()).map(([path]) => path)).toEqual(['body.layers.1.rng'])
  })

  it('is switched as a whole between training and evaluation', () => {
    const model = net()
    setTraining(model, false)
    expect(namedModules(model).map(([, module]) => module.training)).toEqual([false, false, false, false, false])
  })

  it('is frozen by path and counted', () => {
    const model = net()
    expect(countParameters(model)).toEqual({ total: 27, trainable: 27 })
    expect(setTrainable(model, (path) => path.startsWith('body.'), false)).toEqual([
      'body.layers.0.weight',
      'body.layers.0.bias',
    ])
    expect(countParameters(model)).toEqual({ total: 27, trainable: 15 })
    setTrainable(model, () => true, true)
    expect(countParameters(model).trainable).toBe(27)
  })

  it('frees all of its memory at once', () => {
    const model = net()
    const before = tf.memory().numTensors
    for (const [, parameter] of namedParameters(model)) parameter.value.dataSync()
    expect(tf.memory().numTensors).toBe(before + 5)
    disposeParameters(model)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is summed up module by module, each with its own parameters', () => {
    const rows = summary(net())
    expect(rows.map(({ path, kind, size }) => [path, kind, size])).toEqual([
      ['', 'Net', 3],
      ['body', 'Sequential', 0],
      ['body.layers.0', 'Linear', 12],
      ['body.layers.1', 'Dropout', 0],
      ['heads.main', 'Linear', 12],
    ])
    expect(rows[2]!.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['weight', [3, 3]],
      ['bias', [3]],
    ])
  })
})
