import { createRegistry, RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { decodingPlugin, forbidTokens, type Sampler, samplerPoint } from './index.ts'

const context = { history: [0], generated: 0 }
const choose = (sampler: Sampler) => sampler.choose(Float32Array.of(0.1, 2, -1, 1.9), context)

it('makes samplers from configs', () => {
  const registry = createRegistry(decodingPlugin)
  const rng = () => ({ rng: new RandomStream(1) })
  expect(choose(registry.create(samplerPoint, { type: 'greedy' }, rng()))).toBe(1)
  const random = registry.create(samplerPoint, { type: 'random', topK: 2 }, rng())
  const counts = [0, 0, 0, 0]
  for (let n = 0; n < 1000; n++) counts[choose(random)]!++
  expect(counts[0]! + counts[2]!).toBe(0)
  // e^2 / (e^2 + e^1.9) = 0.525
  expect(counts[1]! / 1000).toBeGreaterThan(0.45)
  expect(counts[1]! / 1000).toBeLessThan(0.6)
  expect(() => registry.create(samplerPoint, { type: 'random', topP: 0 }, rng())).toThrow("sampler 'random': 'topP'")
  expect(() => registry.create(samplerPoint, { type: 'random', topk: 2 }, rng())).toThrow("Did you mean 'topK'")
})

it('never draws a forbidden token', () => {
  const registry = createRegistry(decodingPlugin)
  const sampler = registry.create(samplerPoint, { type: 'random', temperature: 3 }, { rng: new RandomStream(1) })
  for (let n = 0; n < 200; n++) {
    const logits = Float32Array.of(5, 1, 1)
    forbidTokens([0])(logits, context)
    expect(sampler.choose(logits, context)).not.toBe(0)
  }
})
