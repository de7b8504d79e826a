import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fusedOp, withoutFusedOps } from './fused-op.ts'

const name = 'TestDoublePlus'

describe('fusedOp', () => {
  beforeAll(useCpu)
  afterAll(() => tf.unregisterKernel(name, 'cpu'))
  const run = (x: tf.Tensor, plus: number) =>
    fusedOp(name, { x }, { plus }, ({ x }, { plus }) => [tf.add(x, plus)] as const)
  const value = (plus = 1) => run(tf.tensor([3]), plus)[0].dataSync()[0]

  it('computes the reference while the backend has no kernel of the name', () => {
    expect(value()).toBe(4)
  })

  it("runs the backend's kernel once there is one, with the same inputs and attributes", () => {
    tf.registerKernel({
      kernelName: name,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        const { x } = inputs as { x: tf.TensorInfo }
        const backend = tf.backend() as unknown as {
          readSync(id: object): Float32Array
          makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo
        }
        const doubled = backend.readSync(x.dataId).map((n) => 2 * n + (attrs as unknown as { plus: number }).plus)
        return backend.makeTensorInfo(x.shape, 'float32', doubled)
      },
    })
    expect(value(10)).toBe(16)
  })

  it('withoutFusedOps keeps to the reference, and only inside, also when the body throws', () => {
    expect(withoutFusedOps(() => value())).toBe(4)
    expect(() =>
      withoutFusedOps(() => {
        throw new Error('inside')
      }),
    ).toThrow('inside')
    expect(value()).toBe(7)
  })
})
