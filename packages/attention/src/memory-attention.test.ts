import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin, withObserver } from '@heddle/layers'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdditiveAttention } from './additive-attention.ts'
import { DotAttention } from './dot-attention.ts'
import { GeneralAttention } from './general-attention.ts'
import { paddingMask } from './masks.ts'
import { attentionPoint, type MemoryAttention } from './memory-attention.ts'
import { attentionPlugin } from './plugin.ts'

const [B, T, S] = [2, 3, 4]
const kinds: Record<string, { memorySize: number; make: (rng: RandomStream) => MemoryAttention }> = {
  AdditiveAttention: {
    memorySize: 6,
    make: (rng) => new AdditiveAttention({ querySize: 5, memorySize: 6, attentionSize: 7 }, rng),
  },
  DotAttention: { memorySize: 5, make: () => new DotAttention({ querySize: 5, memorySize: 5 }) },
  GeneralAttention: { memorySize: 6, make: (rng) => new GeneralAttention({ querySize: 5, memorySize: 6 }, rng) },
}

for (const [name, { memorySize, make }] of Object.entries(kinds)) {
  layerContract(name, {
    make,
    inputs: (rng) => [
      randomTensor(rng, [B, 5]),
      randomTensor(rng, [B, S, memorySize]),
      tf.tensor([4, 2], [2], 'int32'),
    ],
    run: (attention, query, memory, lengths) => {
      const { context, weights } = attention.forward(query!, attention.prepare(memory!, paddingMask(lengths!, S)))
      return [context, weights]
    },
    shapes: [
      [B, memorySize],
      [B, S],
    ],
  })

  describe(name, () => {
    beforeAll(useCpu)
    const rng = new RandomStream(1)
    const attention = make(rng)
    const memory = () => randomTensor(new RandomStream(2), [B, S, memorySize])

    it('its weights sum to one and the context is their mean of the memory', () => {
      const prepared = attention.prepare(memory())
      const { context, weights } = attention.forward(randomTensor(rng, [B, 5]), prepared)
      expectClose(tf.sum(weights, 1), tf.ones([B]))
      expectClose(context, tf.squeeze(tf.matMul(tf.expandDims(weights, 1), memory()), [1]))
    })

    it('padding gets no weight, whatever stands there', () => {
      const mask = paddingMask(tf.tensor([4, 2], [2], 'int32'), S)
      const query = randomTensor(rng, [B, 5])
      const real = tf.expandDims(tf.cast(mask, 'float32'), 2)
      const other = tf.add(tf.mul(memory(), real), tf.mul(tf.sub(1, real), 50))
      const first = attention.forward(query, attention.prepare(memory(), mask))
      const second = attention.forward(query, attention.prepare(other, mask))
      expect((first.weights.arraySync() as number[][])[1]!.slice(2)).toEqual([0, 0])
      expectClose(second.context, first.context)
    })

    it('many queries at once give what each gives alone', () => {
      const queries = randomTensor(rng, [B, T, 5])
      const prepared = attention.prepare(memory(), paddingMask(tf.tensor([4, 3], [2], 'int32'), S))
      const all = attention.forward(queries, prepared)
      tf.unstack(queries, 1).forEach((query, t) => {
        const one = attention.forward(query, prepared)
        expectClose(tf.squeeze(tf.slice(all.context, [0, t, 0], [B, 1, memorySize]), [1]), one.context)
        expectClose(tf.squeeze(tf.slice(all.weights, [0, t, 0], [B, 1, S]), [1]), one.weights)
      })
    })

    it('it refuses tensors of other sizes', () => {
      expect(() => attention.prepare(tf.zeros([B, S, memorySize + 1]))).toThrow(/expected memory \[B, S, /)
      expect(() => attention.prepare(memory(), tf.ones([B, S + 1], 'bool'))).toThrow(
        /expected mask \[2, 4\], got \[2,5\]/,
      )
      expect(() => attention.forward(tf.zeros([B + 1, 5]), attention.prepare(memory()))).toThrow(
        /expected query \[2, 5\]/,
      )
    })

    it('it reports its weights to an observer', () => {
      const seen: [string, number[]][] = []
      withObserver(
        { attention },
        (path, value) => seen.push([path, value.shape]),
        () => attention.forward(randomTensor(rng, [B, 5]), attention.prepare(memory())),
      )
      expect(seen).toEqual([['attention.weights', [B, S]]])
    })
  })
}

describe('attentionPlugin', () => {
  const registry = createRegistry([layersPlugin, attentionPlugin])
  const context = { rng: new RandomStream(1), registry, querySize: 4, memorySize: 4 }

  it('builds every attention by name, with the sizes of the decoder', () => {
    const built = ['additive', 'dot', 'general'].map((type) => registry.create(attentionPoint, { type }, context))
    expect(built.map((attention) => attention.constructor.name)).toEqual([
      'AdditiveAttention',
      'DotAttention',
      'GeneralAttention',
    ])
    expect(built.map((attention) => attention.querySize)).toEqual([4, 4, 4])
  })

  it('takes the size of the additive layer from the config', () => {
    const built = registry.create(attentionPoint, { type: 'additive', attentionSize: 9 }, context) as AdditiveAttention
    expect(built.score.weight.shape).toEqual([9, 1])
  })

  it('a dot product of different sizes is refused', () => {
    const wrong = { ...context, memorySize: 6 }
    expect(() => registry.create(attentionPoint, { type: 'dot' }, wrong)).toThrow(
      /DotAttention: expected a memory of the query's size \(4\), got 6/,
    )
  })
})
