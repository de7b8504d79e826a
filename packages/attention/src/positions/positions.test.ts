import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin } from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { attentionPlugin } from '../plugin.ts'
import { AlibiPositions } from './alibi-positions.ts'
import { LearnedPositions } from './learned-positions.ts'
import { positionsPoint } from './positions.ts'
import { RelativeBias } from './relative-bias.ts'
import { RotaryPositions } from './rotary-positions.ts'
import { SinusoidalPositions } from './sinusoidal-positions.ts'

beforeAll(useCpu)

const numbers = (x: tf.Tensor) => [...x.dataSync()]

layerContract('RotaryPositions', {
  make: () => new RotaryPositions({ headSize: 6 }),
  inputs: (rng) => [randomTensor(rng, [2, 4, 3, 6])],
  shapes: [[2, 4, 3, 6]],
})
layerContract('LearnedPositions', {
  make: (rng) => new LearnedPositions({ maxPositions: 5, hiddenSize: 3 }, rng),
  inputs: () => [],
  run: (positions) => positions.forward(4, 1),
  shapes: [[4, 3]],
})
layerContract('RelativeBias', {
  make: (rng) => new RelativeBias({ numHeads: 2, numBuckets: 8, maxDistance: 6 }, rng),
  inputs: () => [],
  run: (positions) => positions.forward(4, 7),
  shapes: [[1, 2, 4, 7]],
})

describe('RotaryPositions', () => {
  const rng = new RandomStream(1)

  it.each([1, 0.5])('lets the product of query and key depend only on their distance, with share %d', (share) => {
    const positions = new RotaryPositions({ headSize: 8, share })
    const [q, k] = [randomTensor(rng, [1, 1, 2, 8]), randomTensor(rng, [1, 1, 2, 8])]
    const product = (t: number, s: number) => tf.sum(tf.mul(positions.rotate(q, t), positions.rotate(k, s)), 3)
    expectClose(product(7, 3), product(104, 100))
    expect(tf.max(tf.abs(tf.sub(product(7, 3), product(7, 4)))).dataSync()[0]).toBeGreaterThan(1e-2)
  })

  it('keeps lengths, position 0 and the numbers beyond its share', () => {
    const positions = new RotaryPositions({ headSize: 8, share: 0.5 })
    const x = randomTensor(rng, [1, 5, 2, 8])
    const y = positions.forward(x)
    expectClose(tf.norm(y, 2, 3), tf.norm(x, 2, 3))
    expectClose(tf.slice(y, [0, 0, 0, 0], [1, 1, 2, 8]), tf.slice(x, [0, 0, 0, 0], [1, 1, 2, 8]))
    expectClose(tf.slice(y, [0, 0, 0, 4]), tf.slice(x, [0, 0, 0, 4]))
    expectClose(tf.slice(y, [0, 3, 0, 0]), positions.rotate(tf.slice(x, [0, 3, 0, 0]), 3))
  })

  it('turns the first pair by one radian a step, and the others by the base', () => {
    const positions = new RotaryPositions({ headSize: 4, base: 100 })
    const y = positions.rotate(tf.tensor([1, 1, 0, 0], [1, 1, 1, 4]), 2)
    expectClose(y, tf.tensor([Math.cos(2), Math.cos(0.2), Math.sin(2), Math.sin(0.2)], [1, 1, 1, 4]))
  })

  it('refuses a size that has no pairs', () => {
    expect(() => new RotaryPositions({ headSize: 5 })).toThrow(/expected headSize·share to be an even number above 0/)
  })
})

describe('SinusoidalPositions', () => {
  it('are sines, then cosines, from any position on', () => {
    const positions = new SinusoidalPositions({ hiddenSize: 4, base: 100 })
    const [t, wave] = [3, 100 ** (-2 / 4)]
    expectClose(
      positions.forward(1, t),
      tf.tensor([[Math.sin(t), Math.sin(t * wave), Math.cos(t), Math.cos(t * wave)]]),
    )
    expectClose(tf.slice(positions.forward(6), [2, 0]), positions.forward(4, 2))
  })
})

describe('LearnedPositions', () => {
  it('are the rows of a table, and end with it', () => {
    const positions = new LearnedPositions({ maxPositions: 5, hiddenSize: 3 }, new RandomStream(1))
    expectClose(positions.forward(2, 3), tf.slice(positions.weight.value as tf.Tensor, [3, 0]))
    expect(() => positions.forward(3, 3)).toThrow(/LearnedPositions: expected at most 5 steps, got 6/)
  })
})

describe('AlibiPositions', () => {
  it('have the slopes of the paper, for any number of heads', () => {
    expect(new AlibiPositions({ numHeads: 4 }).slopes).toEqual([1 / 4, 1 / 16, 1 / 64, 1 / 256])
    expect(new AlibiPositions({ numHeads: 3 }).slopes).toEqual([2 ** (-8 / 3), 2 ** (-16 / 3), 2 ** -8])
  })

  it('penalize distance, the queries being the last steps', () => {
    const bias = new AlibiPositions({ numHeads: 1 }).forward(2, 4)
    expect(numbers(bias).map((x) => Math.abs(x * 256))).toEqual([2, 1, 0, 1, 3, 2, 1, 0])
    expect(Math.max(...numbers(bias))).toBeLessThanOrEqual(0)
  })
})

describe('RelativeBias', () => {
  /** The bucket of each distance from query to key. */
  const buckets = (positions: RelativeBias, from: number, to: number) => {
    const count = positions.weight.shape[0]!
    tf.tidy(() => positions.weight.assign(tf.reshape(tf.range(0, count), [count, 1])))
    return Array.from({ length: to - from + 1 }, (_, i) => {
      const distance = from + i
      // One query at the end of S keys sees distances up to 0; the first of T queries sees those from 0 on.
      const row = distance <= 0 ? positions.bias(1, 1 - distance) : positions.bias(distance + 1, distance + 1)
      return numbers(row)[Math.max(0, distance)]
    })
  }

  it('has the buckets of T5', () => {
    // transformers' T5Attention._relative_position_bucket, 8 buckets and a largest distance of 16.
    const sizes = { numHeads: 1, numBuckets: 8, maxDistance: 16 }
    const both = new RelativeBias(sizes, new RandomStream(1))
    expect(buckets(both, -8, 8)).toEqual([3, 3, 3, 2, 2, 2, 2, 1, 0, 5, 6, 6, 6, 6, 7, 7, 7])
    const causal = new RelativeBias({ ...sizes, causal: true }, new RandomStream(1))
    expect(buckets(causal, -17, 1)).toEqual([7, 7, 7, 7, 7, 7, 6, 6, 6, 6, 5, 5, 4, 4, 3, 2, 1, 0, 0])
  })
})

describe('positions by name', () => {
  const registry = createRegistry([layersPlugin, attentionPlugin])
  const context = { registry, rng: new RandomStream(1), hiddenSize: 8, numHeads: 2, headSize: 4, causal: true }

  it.each([
    ['sinusoidal', ['vectors']],
    ['learned', ['vectors']],
    ['rotary', ['rotate']],
    ['alibi', ['bias']],
    ['relative-bias', ['bias']],
    ['none', []],
  ])('%s can do %j', (type, expected) => {
    const positions = registry.create(positionsPoint, { type }, context)
    const abilities = (['vectors', 'rotate', 'bias'] as const).filter((ability) => positions[ability] !== undefined)
    expect(abilities).toEqual(expected)
  })

  it('learned ones take their number from the model, or from their own settings', () => {
    const most = (spec: object, maxPositions?: number) =>
      registry.create(
        positionsPoint,
        { type: 'learned', ...spec },
        { ...context, ...(maxPositions !== undefined && { maxPositions }) },
      ).maxPositions
    expect([most({}), most({}, 20), most({ maxPositions: 7 }, 20)]).toEqual([512, 20, 7])
  })
})
