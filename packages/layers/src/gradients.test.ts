import { RandomStream } from '@heddle/core'
import { expectClose, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { enableGradients, stopGradient, valueAndGradients, withoutGradient } from './gradients.ts'
import { constant } from './initializers.ts'
import { Parameter } from './parameter.ts'

const root = () => {
  const rng = new RandomStream(1)
  return {
    a: new Parameter([2], constant(3), rng),
    b: new Parameter([2], constant(5), rng),
    unused: new Parameter([2], constant(1), rng),
  }
}
const gradientAt = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) =>
  tf.engine().gradients(() => tf.sum(f(x)) as tf.Scalar, [x], undefined, true).grads[0]

describe('valueAndGradients', () => {
  beforeAll(useCpu)

  it('gives the loss and a gradient for every parameter that it depends on', () => {
    const model = root()
    const { value, gradients } = valueAndGradients(
      model,
      () => tf.sum(tf.mul(model.a.value, model.b.value)) as tf.Scalar,
    )
    expect(value.dataSync()[0]).toBe(30)
    expect([...gradients.keys()]).toEqual([model.a, model.b])
    expect([...gradients.get(model.a)!.dataSync()]).toEqual([5, 5])
    expect([...gradients.get(model.b)!.dataSync()]).toEqual([3, 3])
  })

  it('leaves no tensor when the loss throws, and works afterwards', () => {
    const model = root()
    const loss = (fails: boolean) => {
      const y = tf.sum(tf.exp(tf.mul(model.a.value, model.b.value))) as tf.Scalar
      if (fails) throw new Error('broken')
      return y
    }
    valueAndGradients(model, () => loss(false))
    const before = tf.memory().numTensors
    expect(() => valueAndGradients(model, () => loss(true))).toThrow('broken')
    expect(tf.memory().numTensors).toBe(before)
    expect(valueAndGradients(model, () => loss(false)).gradients.size).toBe(2)
  })

  it('frees what a step has saved, and the gradients between steps, as the backward pass goes', () => {
    const [length, size] = [20, 1000]
    const model = { first: new Parameter([size], constant(0.1), new RandomStream(1)) }
    let bytes = 0
    // The gradient of the first step is the last one that is computed.
    const measured = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => {
        bytes = tf.memory().numBytes
        return dy
      },
    }))
    const run = (differentiate: (loss: () => tf.Scalar) => tf.Tensor) => {
      const before = tf.memory().numBytes
      const gradient = differentiate(() => {
        let x = measured(model.first.value) as tf.Tensor
        for (let i = 0; i < length; i++) x = tf.square(tf.sin(x))
        return tf.sum(x) as tf.Scalar
      })
      const values = [...gradient.dataSync()]
      gradient.dispose()
      return { values, vectors: (bytes - before) / (4 * size) }
    }
    enableGradients()
    const plain = run((loss) => tf.engine().gradients(loss, [model.first.value], undefined, true).grads[0]!)
    const freeing = run((loss) => valueAndGradients(model, loss).gradients.get(model.first)!)
    expect(freeing.values).toEqual(plain.values)
    expect(plain.vectors).toBeGreaterThan(3 * length)
    expect(freeing.vectors).toBeLessThan(6)
  })

  it('keeps a gradient that a step hands on as it is, to two tensors at once', () => {
    const model = root()
    const handOn = tf.customGrad((x, y) => ({
      value: tf.add(x as tf.Tensor, y as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => [dy, dy],
    }))
    const { gradients } = valueAndGradients(model, () => {
      const [a, b] = [tf.square(model.a.value), tf.exp(tf.mul(model.b.value, 0))]
      return tf.sum(tf.mul(handOn(handOn(a, b), tf.square(model.b.value)), 2)) as tf.Scalar
    })
    expect([...gradients.get(model.a)!.dataSync()]).toEqual([12, 12])
    expect([...gradients.get(model.b)!.dataSync()]).toEqual([20, 20])
  })

  it('leaves out what is frozen', () => {
    const model = root()
    model.b.trainable = false
    const { gradients } = valueAndGradients(model, () => tf.sum(tf.mul(model.a.value, model.b.value)) as tf.Scalar)
    expect([...gradients.keys()]).toEqual([model.a])
  })

  it('a parameter that is read for the first time inside the loss has a gradient too, and stays allocated', () => {
    const model = root()
    tf.tidy(() => {
      const { gradients } = valueAndGradients(model, () => tf.sum(tf.square(model.a.value)) as tf.Scalar)
      expect([...gradients.get(model.a)!.dataSync()]).toEqual([6, 6])
    })
    expect([...model.a.value.dataSync()]).toEqual([3, 3])
  })
})

describe('cutting gradients', () => {
  beforeAll(async () => {
    await useCpu()
    enableGradients()
  })
  const x = () => tf.tensor([2, 3])

  it('stopGradient keeps the value and lets no gradient through', () => {
    expectClose(stopGradient(x()), x())
    expectClose(gradientAt((x) => tf.mul(x, stopGradient(x)), x())!, x())
  })

  it('withoutGradient does so for any dtype that is computed inside', () => {
    const picked = (x: tf.Tensor) =>
      tf.gather(x, withoutGradient(() => tf.cast(tf.argMax(x), 'int32')) as tf.Tensor as tf.Tensor1D)
    expect(picked(x()).dataSync()[0]).toBe(3)
    expect([...gradientAt(picked, x())!.dataSync()]).toEqual([0, 1])
  })

  it('unstack and split into a single part can be differentiated', () => {
    const column = tf.tensor([[2], [3]])
    for (const apart of [(x: tf.Tensor) => tf.unstack(x, 1)[0]!, (x: tf.Tensor) => tf.split(x, 1, 1)[0]!]) {
      expect([...gradientAt((x) => tf.square(apart(x)), column)!.dataSync()]).toEqual([4, 6])
    }
    expectClose(gradientAt((x) => tf.mul(tf.unstack(x)[1]!, 7), x())!, tf.tensor([0, 7]))
  })
})
