import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

const shapes = [[3], [], [70, 130], [0, 4], [1], [8192], [20001]]
const learningRates = shapes.map((_, i) => 0.01 * (i + 1))
const weightDecays = shapes.map((_, i) => (i % 2) * 0.1)

interface Settings {
  readonly momentum: number
  readonly nesterov: boolean
}

/** The formula in JavaScript's double precision. */
function expectedStep([values, gradients, u]: Float64Array[], i: number, settings: Settings, scale: number) {
  const { momentum, nesterov } = settings
  values!.forEach((value, j) => {
    const g = gradients![j]! * scale + weightDecays[i]! * value
    u![j] = momentum * u![j]! + g
    values![j] = value - learningRates[i]! * (nesterov ? g + momentum * u![j]! : u![j]!)
  })
}

function run(tensors: readonly tf.Tensor[], settings: Settings, gradientScale = 1) {
  const attributes = { ...settings, learningRates, weightDecays, gradientScale }
  fusedOp('HeddleSgd', tensors as never, attributes, () => expect.fail('the kernel is missing'))
}

describe('HeddleSgd', () => {
  it.each([
    { momentum: 0, nesterov: false },
    { momentum: 0.9, nesterov: false },
    { momentum: 0.9, nesterov: true },
  ])('updates many tensors in place as the formula says: %j', (settings) => {
    const make = testTensors(3)
    const groups = [0, 1, 2].map((group) => shapes.map((shape) => (group < 2 ? make.normal(shape) : tf.zeros(shape))))
    const expected = shapes.map((_, i) => groups.map((group) => Float64Array.from(group[i]!.dataSync())))
    const given = settings.momentum > 0 ? groups : groups.slice(0, 2)
    for (const scale of [1, 0.25, 1]) {
      run(given.flat(), settings, scale)
      shapes.forEach((_, i) => {
        expectedStep(expected[i]!, i, settings, scale)
      })
    }
    given.forEach((group, g) => {
      group.forEach((tensor, i) => {
        expectClose(tensor.dataSync(), expected[i]![g]!, 1e-5)
      })
    })
    tf.dispose(groups)
  })

  it('refuses lists that do not fit, and shared memory', () => {
    tf.tidy(() => {
      const make = testTensors(1)
      const settings = { momentum: 0.9, nesterov: false }
      const tensors = () => [0, 1, 2].flatMap(() => shapes.map((shape) => make.normal(shape)))
      expect(() => run(tensors().slice(1), settings)).toThrow('expected 21 tensors')
      expect(() => run(tensors(), { momentum: 0, nesterov: false })).toThrow('expected 14 tensors')
      expect(() => run(tensors().with(7, make.normal([4])), settings)).toThrow(
        'gradient 0 float32 [3], got float32 [4]',
      )
      const shared = tensors()
      tf.clone(shared[0]!)
      expect(() => run(shared, settings)).toThrow(
        'SGD: expected parameter and velocity 0 with memory of its own, got one that 2 tensors share',
      )
    })
  })
})
