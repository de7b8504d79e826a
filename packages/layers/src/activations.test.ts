import { layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Activation, type ActivationName, activations, gelu, geluTanh, reluSquared, silu } from './activations.ts'

for (const name of Object.keys(activations) as ActivationName[]) {
  layerContract(`Activation ${name}`, {
    make: () => new Activation({ function: name }),
    inputs: (rng) => [randomTensor(rng, [3, 4])],
    shapes: [[3, 4]],
    gradient: { kinks: name.startsWith('relu') },
  })
}

describe('activations', () => {
  beforeAll(useCpu)
  const at = (fn: (x: tf.Tensor) => tf.Tensor, x: number) => fn(tf.tensor([x])).dataSync()[0]

  it('gelu is x times the normal distribution function', () => {
    expect(at(gelu, 1)).toBeCloseTo(0.8413447, 5)
    expect(at(gelu, -2)).toBeCloseTo(-0.0455003, 5)
    expect(at(gelu, 0)).toBe(0)
  })

  it('its tanh form is near it and not the same', () => {
    expect(at(geluTanh, 1)).toBeCloseTo(0.841192, 5)
    expect(Math.abs(at(geluTanh, 1)! - at(gelu, 1)!)).toBeGreaterThan(1e-4)
  })

  it('silu is x times its sigmoid', () => {
    expect(at(silu, 1)).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
  })

  it('the square of relu is zero below zero', () => {
    expect([-3, 0, 1.5].map((x) => at(reluSquared, x))).toEqual([0, 0, 2.25])
  })

  it('an unknown function is refused, naming those that there are', () => {
    expect(() => new Activation({ function: 'softsign' as ActivationName })).toThrow(/Activation: 'function': .*"gelu"/)
  })
})
