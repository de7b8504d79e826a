import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectClose, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

const shapes = [[3], [], [70, 130], [0, 4], [1], [8192], [20001]]
const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8 }
const learningRates = shapes.map((_, i) => 0.01 * (i + 1))
const weightDecays = shapes.map((_, i) => (i % 2) * 0.1)

/** The formula in JavaScript's double precision. */
function expectedStep(
  [values, gradients, m, v]: Float64Array[],
  rate: number,
  decay: number,
  step: number,
  scale: number,
) {
  values!.forEach((value, i) => {
    const g = gradients![i]! * scale
    m![i] = settings.beta1 * m![i]! + (1 - settings.beta1) * g
    v![i] = settings.beta2 * v![i]! + (1 - settings.beta2) * g * g
    const mean = m![i]! / (1 - settings.beta1 ** step)
    const root = Math.sqrt(v![i]! / (1 - settings.beta2 ** step))
    values![i] = value * (1 - rate * decay) - (rate * mean) / (root + settings.epsilon)
  })
}

function run(tensors: readonly tf.Tensor[], step: number, gradientScale: number) {
  const attributes = { ...settings, learningRates, weightDecays, step, gradientScale }
  fusedOp('HeddleAdamW', tensors as never, attributes, () => expect.fail('the kernel is missing'))
}

function globalNorm(tensors: readonly tf.Tensor[]): tf.Tensor {
  const missing = (): [tf.Tensor] => expect.fail('the kernel is missing')
  return fusedOp('HeddleGlobalNorm', tensors as unknown as Record<string, tf.Tensor>, {}, missing)[0]
}

describe('HeddleAdamW', () => {
  it('updates many tensors in place as the formula says', () => {
    const make = testTensors(3)
    const groups = [0, 1, 2, 3].map((group) =>
      shapes.map((shape) => (group < 2 ? make.normal(shape) : tf.zeros(shape))),
    )
    const expected = shapes.map((_, i) => groups.map((group) => Float64Array.from(group[i]!.dataSync())))
    for (let step = 1; step <= 4; step++) {
      const scale = step === 3 ? 0.25 : 1
      run(groups.flat(), step, scale)
      shapes.forEach((_, i) => {
        expectedStep(expected[i]!, learningRates[i]!, weightDecays[i]!, step, scale)
      })
    }
    groups.forEach((group, g) => {
      group.forEach((tensor, i) => {
        expectClose(tensor.dataSync(), expected[i]![g]!, 1e-5)
        tensor.dispose()
      })
    })
  })

  it('refuses lists that do not fit', () => {
    tf.tidy(() => {
      const make = testTensors(1)
      const groups = () => [0, 1, 2, 3].map(() => shapes.map((shape) => make.normal(shape)))
      expect(() => run(groups().flat().slice(1), 1, 1)).toThrow('expected 28 tensors')
      expect(() => run(groups().flat(), 0, 1)).toThrow('at step 0')
      expect(() =>
        run(
          groups()
            .flat()
            .with(7, make.normal([4])),
          1,
          1,
        ),
      ).toThrow('gradient 0 float32 [3], got float32 [4]')
      const shared = groups().flat()
      tf.clone(shared[0]!)
      expect(() => run(shared, 1, 1)).toThrow(
        'AdamW: expected parameter and moments 0 with memory of its own, got one that 2 tensors share',
      )
    })
  })
})

describe('HeddleGlobalNorm', () => {
  it('is the root of the sum of all squares', () => {
    tf.tidy(() => {
      const tensors = shapes.map((shape) => testTensors(5).normal(shape))
      const sum = tensors.flatMap((tensor) => [...tensor.dataSync()]).reduce((total, x) => total + x * x, 0)
      const norm = globalNorm(tensors)
      expect(norm.shape).toEqual([])
      expectClose(norm.dataSync(), [Math.sqrt(sum)], 1e-6)
    })
  })

  it('is 0 for nothing', () => {
    tf.tidy(() => {
      const norm = globalNorm([])
      expect(norm.dataSync()[0]).toBe(0)
    })
  })
})
