import '@tensorflow/tfjs-backend-cpu'
import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { useWasm } from '../use-wasm.ts'

/** Makes random test tensors, the same ones on every backend. */
export interface TestTensors {
  /** Normally distributed, times `scale`. */
  normal(shape: readonly number[], scale?: number): tf.Tensor
  /** Integers from `low` up to but not including `high`. */
  integers(shape: readonly number[], low: number, high: number): tf.Tensor
  /** Each true with probability one half. */
  bits(shape: readonly number[]): tf.Tensor
  /** Uniform in [0, 1), outside of tfjs. */
  uniform(): number
}

export interface Tolerance {
  /** Largest allowed |wasm - cpu| relative to max(1, |cpu|). Default 1e-5. */
  readonly tolerance?: number
  readonly seed?: number
}

type Outputs = tf.Tensor | readonly tf.Tensor[]

/** Expects a computation to give the same shapes, dtypes and values on our backend and on tfjs's cpu backend. */
export async function expectSameAsCpu(compute: (make: TestTensors) => Outputs, options: Tolerance = {}): Promise<void> {
  const { tolerance = 1e-5, seed = 1 } = options
  await useWasm()
  const wasm = evaluate('wasm', compute, seed)
  const cpu = evaluate('cpu', compute, seed)
  tf.setBackend('wasm')
  expect(wasm.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(cpu.map(({ shape, dtype }) => ({ shape, dtype })))
  wasm.forEach(({ values }, i) => {
    expectClose(values, cpu[i]!.values, tolerance)
  })
}

/** Expects the value and the gradients with respect to all inputs to be the same as on tfjs's cpu backend. */
export async function expectSameGradientsAsCpu(
  inputs: (make: TestTensors) => tf.Tensor[],
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  options: Tolerance = {},
): Promise<void> {
  enableGradients()
  await expectSameAsCpu((make) => {
    const xs = inputs(make)
    const dy = make.normal(compute(...xs).shape)
    const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => tf.sum(tf.mul(compute(...args), dy)))(xs)
    return [compute(...xs), value, ...grads]
  }, options)
}

/** Expects |actual - expected| <= tolerance * max(1, |expected|), and NaN and infinities in the same places. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) {
    const [got, want] = [actual[i]!, expected[i]!]
    if (Object.is(got, want) || got === want) continue
    if (!(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)))) {
      expect.fail(`element ${i}: expected ${want} within ${tolerance}, got ${got}`)
    }
  }
}

function evaluate(backend: string, compute: (make: TestTensors) => Outputs, seed: number) {
  tf.setBackend(backend)
  const before = tf.memory().numTensors
  const results = tf.tidy(() => {
    const outputs = compute(testTensors(seed))
    return (Array.isArray(outputs) ? (outputs as tf.Tensor[]) : [outputs as tf.Tensor]).map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: tensor.dataSync().slice(),
    }))
  }) as unknown as { shape: number[]; dtype: string; values: Float32Array }[]
  expect(tf.memory().numTensors, `tensors leaked on ${backend}`).toBe(before)
  return results
}

/** Mulberry32 and Box-Muller: small, and independent of the backend. */
export function testTensors(seed: number): TestTensors {
  let state = seed * 0x9e3779b9
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const fill = (shape: readonly number[], next: () => number, dtype: 'float32' | 'int32' | 'bool' = 'float32') =>
    tf.tensor(Array.from({ length: shape.reduce((size, n) => size * n, 1) }, next), shape as number[], dtype)
  return {
    uniform,
    normal: (shape, scale = 1) =>
      fill(shape, () => scale * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())),
    integers: (shape, low, high) => fill(shape, () => low + Math.floor(uniform() * (high - low)), 'int32'),
    bits: (shape) => fill(shape, () => (uniform() < 0.5 ? 1 : 0), 'bool'),
  }
}
