import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Module } from './module.ts'
import { isObserved, observe, withObserver } from './observe.ts'
import { Sequential } from './sequential.ts'

class Reporting extends Module {
  override forward(x: tf.Tensor): tf.Tensor {
    observe(this, 'input', x)
    return tf.mul(x, 2)
  }
}

describe('observe', () => {
  beforeAll(useCpu)
  const rng = new RandomStream(1)
  const model = new Sequential([new Reporting(), new Reporting()])

  it('names what each module reports by its path', () => {
    const seen: [string, number][] = []
    const look = (path: string, value: tf.Tensor) => void seen.push([path, value.dataSync()[0]!])
    withObserver(model, look, () => model.forward(tf.tensor([rng.integer(1) + 3])))
    expect(seen).toEqual([
      ['layers.0.input', 3],
      ['layers.1.input', 6],
    ])
  })

  it('says which module reported a value, and under which name', () => {
    const seen: [unknown, string][] = []
    withObserver(
      model,
      (_path, _value, { module, name }) => void seen.push([module, name]),
      () => model.forward(tf.tensor([1])),
    )
    expect(seen).toEqual(model.layers.map((layer) => [layer, 'input']))
  })

  it('hears nothing outside of its body, from other trees, or after a body that threw', () => {
    const seen: string[] = []
    const look = (path: string) => void seen.push(path)
    expect(isObserved()).toBe(false)
    withObserver(model, look, () => {
      expect(isObserved()).toBe(true)
      new Reporting().forward(tf.tensor([1]))
    })
    expect(() =>
      withObserver(model, look, () => {
        throw new Error('inside')
      }),
    ).toThrow('inside')
    model.forward(tf.tensor([1]))
    expect([isObserved(), seen]).toEqual([false, []])
  })

  it('the inner one of two hears, then the outer one again', () => {
    const heard: string[] = []
    const forward = () => model.layers[0]!.forward(tf.tensor([1]))
    withObserver(
      model,
      () => heard.push('outer'),
      () => {
        withObserver(model.layers[0]!, (path) => heard.push(path), forward)
        forward()
      },
    )
    expect(heard).toEqual(['input', 'outer'])
  })
})
