import { RandomStream } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { normal } from './initializers.ts'
import { Parameter } from './parameter.ts'

describe('Parameter', () => {
  beforeAll(useCpu)
  const make = (seed = 1) => new Parameter([2, 3], normal(), new RandomStream(seed))

  it('takes no memory before it is read, and gives it back', () => {
    const before = tf.memory().numTensors
    const parameter = make()
    expect([parameter.size, tf.memory().numTensors]).toEqual([6, before])
    const values = [...parameter.value.dataSync()]
    expect(tf.memory().numTensors).toBe(before + 1)
    parameter.dispose()
    expect(tf.memory().numTensors).toBe(before)
    expect([...parameter.value.dataSync()]).toEqual(values)
    parameter.dispose()
  })

  it('its values depend on its stream alone, not on the order of reading', () => {
    const pair = () => {
      const rng = new RandomStream(4)
      return [new Parameter([3], normal(), rng), new Parameter([3], normal(), rng)] as const
    }
    const [a, b] = pair()
    const [c, d] = pair()
    const first = [a.value.dataSync().join(), b.value.dataSync().join()]
    const second = [d.value.dataSync().join(), c.value.dataSync().join()].reverse()
    expect(second).toEqual(first)
    expect(first[0]).not.toBe(first[1])
  })

  it('outlives the scope that it is first read in', () => {
    const parameter = make()
    tf.tidy(() => void parameter.value)
    expect(parameter.value.isDisposed).toBe(false)
    parameter.dispose()
  })

  it('takes values of its own shape and dtype only', () => {
    const parameter = make()
    parameter.assign(tf.ones([2, 3]))
    expect([...parameter.value.dataSync()]).toEqual([1, 1, 1, 1, 1, 1])
    expect(() => parameter.assign(tf.ones([3, 2]))).toThrow(/expected float32 \[2,3\], got float32 \[3,2\]/)
    expect(() => parameter.assign(tf.ones([2, 3], 'int32'))).toThrow(/got int32/)
  })

  it('weight decay is for matrices unless said otherwise', () => {
    const rng = new RandomStream(1)
    const decays = ([shape, options]: [number[], object?]) => new Parameter(shape, normal(), rng, options).decay
    expect(
      ([[[2, 3]], [[3]], [[3], { decay: true }], [[2, 3], { decay: false }]] as [number[], object?][]).map(decays),
    ).toEqual([true, false, true, false])
  })
})
