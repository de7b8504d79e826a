import { fusedOp } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, type TestTensors, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

beforeAll(async () => {
  await useWasm()
})

type Sizes = readonly [B: number, T: number, S: number, E: number, H: number, M: number, A: number]

const names = [
  ...['x', 'h0', 'memory', 'keys', 'queryWeight', 'scoreWeight', 'inputWeight', 'recurrentWeight', 'inputBias'],
  ...['recurrentBias', 'bias'],
]

function makeInputs(make: TestTensors, [B, T, S, E, H, M, A]: Sizes, withBias: boolean): tf.Tensor[] {
  const shapes = [
    ...[[B, T, E], [B, H], [B, S, M], [B, S, A], [H, A], [A, 1], [E + M, 3 * H], [H, 3 * H], [3 * H], [3 * H]],
    ...(withBias ? [[B, S]] : []),
  ]
  return shapes.map((shape) => make.normal(shape, shape.length === 2 && shape[0] !== B ? 0.3 : 1))
}

function run(inputs: tf.Tensor[], sizes: Sizes): readonly tf.Tensor[] {
  const named = Object.fromEntries(inputs.map((input, i) => [names[i]!, input]))
  return fusedOp('HeddleAdditiveGruDecoder', named, {}, () => reference(named, sizes)).slice(0, 3)
}

const joined = (inputs: tf.Tensor[], sizes: Sizes) =>
  tf.concat(run(inputs, sizes).map((output) => tf.reshape(output, [-1])))

function reference(inputs: Record<string, tf.Tensor>, [B, T, S, E, H, M, A]: Sizes): tf.Tensor[] {
  const of = (name: string) => inputs[name] as tf.Tensor2D
  let h: tf.Tensor = of('h0')
  const steps = Array.from({ length: T }, (_, t) => {
    const query = tf.reshape(tf.matMul(h as tf.Tensor2D, of('queryWeight')), [B, 1, A])
    const hidden = tf.reshape(tf.tanh(tf.add(query, of('keys'))), [B * S, A]) as tf.Tensor2D
    const scores = tf.reshape(tf.matMul(hidden, of('scoreWeight')), [B, S])
    const weights = tf.softmax(inputs['bias'] === undefined ? scores : tf.add(scores, of('bias')))
    const context = tf.reshape(tf.matMul(tf.reshape(weights, [B, 1, S]), of('memory') as tf.Tensor), [B, M])
    const x = tf.reshape(tf.slice(of('x') as tf.Tensor, [0, t, 0], [B, 1, E]), [B, E])
    const joint = tf.concat([x, context], 1) as tf.Tensor2D
    const fromInput = tf.add(tf.matMul(joint, of('inputWeight')), of('inputBias'))
    const fromState = tf.add(tf.matMul(h as tf.Tensor2D, of('recurrentWeight')), of('recurrentBias'))
    const [rx, zx, nx] = tf.split(fromInput, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const [rh, zh, nh] = tf.split(fromState, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const z = tf.sigmoid(tf.add(zx, zh))
    const n = tf.tanh(tf.add(nx, tf.mul(tf.sigmoid(tf.add(rx, rh)), nh)))
    h = tf.reshape(tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h)), [B, H])
    return [h, context, weights] as const
  })
  return [0, 1, 2].map((part) =>
    tf.stack(
      steps.map((step) => step[part]!),
      1,
    ),
  )
}

describe('HeddleAdditiveGruDecoder', () => {
  it.each<Sizes>([
    [1, 1, 1, 1, 1, 1, 1],
    [2, 3, 4, 5, 6, 7, 3],
    [5, 4, 3, 8, 16, 12, 20],
    [3, 2, 9, 1, 5, 33, 17],
    [33, 3, 5, 20, 24, 24, 24],
  ])('agrees with the reference in value and gradient: %j', async (...sizes) => {
    for (const withBias of [false, true]) {
      await expectSameGradientsAsCpu(
        (make) => makeInputs(make, sizes, withBias),
        (...inputs) => joined(inputs, sizes),
        { tolerance: 1e-4 },
      )
    }
  })

  it('agrees where queries and keys are so large that they cancel', async () => {
    const sizes = [3, 3, 4, 5, 6, 7, 9] as const
    await expectSameGradientsAsCpu(
      (make) =>
        makeInputs(make, sizes, false).map((input, i) =>
          // h0, keys and the query's weights.
          [1, 3, 4].includes(i) ? tf.mul(input, i === 4 ? 40 : 15) : input,
        ),
      (...inputs) => joined(inputs, sizes),
      { tolerance: 1e-3 },
    )
  })

  it('gives no weight to what a bias of minus infinity hides', () => {
    const sizes = [2, 3, 4, 5, 6, 7, 3] as const
    tf.tidy(() => {
      const inputs = makeInputs(testTensors(1), sizes, false)
      const weights = run([...inputs, tf.tensor2d([0, 0, -Infinity, -Infinity, 0, 0, 0, 0], [2, 4])], sizes)[2]!
      const values = weights.arraySync() as number[][][]
      for (const row of values[0]!) expect(row.slice(2)).toEqual([0, 0])
      for (const row of values.flat()) expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 5)
    })
  })

  it('returns nothing for no steps', () => {
    const sizes = [2, 0, 4, 5, 6, 7, 3] as const
    tf.tidy(() => {
      const outputs = run(makeInputs(testTensors(1), sizes, false), sizes)
      expect(outputs.map(({ shape }) => shape)).toEqual([
        [2, 0, 6],
        [2, 0, 7],
        [2, 0, 4],
      ])
    })
  })

  it('refuses a gradient that is taken a second time', () => {
    const sizes = [2, 3, 4, 5, 6, 7, 3] as const
    tf.tidy(() => {
      const inputs = makeInputs(testTensors(1), sizes, false)
      const twice = (x: tf.Tensor) => {
        const out = run(inputs.with(0, x), sizes)[0]!
        tf.engine().gradients(() => tf.sum(out), [x])
        return tf.sum(out)
      }
      expect(() => tf.grad(twice)(inputs[0]!)).toThrow(/expected its gradient to be taken once, got a second time/)
    })
  })

  it('refuses wrong shapes', () => {
    const sizes = [2, 3, 4, 5, 6, 7, 3] as const
    tf.tidy(() => {
      const inputs = makeInputs(testTensors(1), sizes, true)
      inputs.forEach((input, i) => {
        const padding = [...input.shape.slice(1).map(() => [0, 0] as [number, number]), [0, 1] as [number, number]]
        expect(() => run(inputs.with(i, tf.pad(input, padding)), sizes), names[i]!).toThrow(/: expected .*, got/)
      })
    })
  })
})
