import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectClose, expectSameAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const sizes: Record<string, number> = { b: 2, h: 3, i: 4, j: 5, k: 6, n: 1, z: 0 }
const shapeOf = (labels: string) => [...labels].map((label) => sizes[label]!)

const equations = [
  'ij->ji',
  'ij->',
  'ij->i',
  'bij->jb',
  'i->i',
  'ij,jk->ik',
  'ij,kj->ki',
  'bij,bjk->bik',
  'bhik,bhjk->bhij',
  'i,i->',
  'i,j->ij',
  'bi,bi->b',
  'bij,b->j',
  'ijk,k->ij',
  'ij,ij->ij',
  'bih,jhk->bijk',
  'in,nj->ji',
  'iz,zj->ij',
  ',ij->ji',
]

describe('einsum', () => {
  it.each(equations)('%s agrees with the cpu backend', async (equation) => {
    const inputs = equation.split('->')[0]!.split(',')
    await expectSameAsCpu((make) => tf.einsum(equation, ...inputs.map((labels) => make.normal(shapeOf(labels)))))
  })

  it.each(equations)('%s has the gradient that finite differences give', async (equation) => {
    await useWasm()
    enableGradients()
    const make = testTensors(3)
    const inputs = equation
      .split('->')[0]!
      .split(',')
      .map((labels) => make.normal(shapeOf(labels)))
    const weights = make.normal(tf.einsum(equation, ...inputs).shape)
    const loss = (...xs: tf.Tensor[]) => tf.sum(tf.mul(tf.einsum(equation, ...xs), weights)) as tf.Scalar
    const gradients = tf.grads(loss)(inputs)
    inputs.forEach((input, i) => {
      const values = input.dataSync()
      const differences = Array.from(values, (value, at) => {
        const shifted = (delta: number) => {
          const moved = tf.tensor(
            values.map((v, j) => (j === at ? value + delta : v)),
            input.shape,
          )
          return loss(...inputs.map((other, j) => (j === i ? moved : other))).dataSync()[0]!
        }
        // The function is linear in each operand, so that a wide step has no error of its own.
        return (shifted(1) - shifted(-1)) / 2
      })
      expect(gradients[i]!.shape).toEqual(input.shape)
      expectClose(gradients[i]!.dataSync(), differences, 1e-4)
    })
  })

  it('leaks no tensor and no memory', async () => {
    await useWasm()
    const [a, b] = [tf.randomNormal([2, 3, 4]), tf.randomNormal([4, 5, 2])]
    const before = [tf.memory().numTensors, tf.backend().numDataIds()]
    tf.einsum('bij,jkb->kbi', a, b).dispose()
    tf.einsum('bij->bij', a).dispose()
    expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual(before)
    expect(a.dataSync()).toHaveLength(24)
  })

  it('refuses sizes that differ', async () => {
    await useWasm()
    expect(() => tf.einsum('ij,jk->ik', tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow(
      /einsum: expected dimension 3 at axis 0 of the input shaped \[4,5\], where 'j' stands, got 4/,
    )
    expect(() => tf.einsum('ij->i', tf.zeros([2]))).toThrow(/expected a float32 tensor of rank 2 for 'ij'/)
  })
})
