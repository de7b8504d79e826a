import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { randomSampler } from '@heddle/decoding'
import { useCpu } from '@heddle/testing'
import { MemoryStore } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluationExamples } from '../dataset.ts'
import { openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { NgramLanguageModel } from './ngram-language-model.ts'

beforeAll(useCpu)

describe('NgramLanguageModel', () => {
  it('steps to the probabilities that the counts give, for each row of a batch', () => {
    const model = new NgramLanguageModel({ vocabSize: 3, order: 3 })
    model.count([0, 1, 2, 0, 1, 1, 2, 2, 0, 1])
    const before = tf.memory().numTensors
    const logits = tf.tidy(() => {
      const ids = tf.tensor2d([0, 1, 2, 2, 2, 0], [2, 3], 'int32')
      return model.forward(ids).logits.arraySync()
    }) as number[][][]
    const expected = [
      [[0], [0, 1], [1, 2]],
      [[2], [2, 2], [2, 0]],
    ].map((row) => row.map((context) => [...model.counted.logProbabilities(context)]))
    expect(logits.flat(2)).toEqual(expected.flat(2).map((value) => expect.closeTo(value, 5)))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses to be used uncounted, and counts of other sizes', () => {
    const model = new NgramLanguageModel({ vocabSize: 3, order: 2 })
    expect(() => model.counted).toThrow('expected counts, got none')
    const other = new NgramLanguageModel({ vocabSize: 3, order: 3 })
    other.count([0, 1, 2])
    expect(() => model.load(other.counted.toBytes(), 'model.safetensors')).toThrow(
      'of order 2 over 3 tokens, got order 3',
    )
  })
})

describe('ngram-lm', () => {
  it('is counted, kept and opened to the same numbers, far below single characters', async () => {
    const store = new MemoryStore()
    const { evaluation, result, exhibits } = await trainRun({
      registry,
      store,
      recipe: { type: 'ngram-lm', characters: 100_000 },
    })
    expect(result.reason).toBe('finished')
    expect(evaluation!.part).toBe('validation')
    expect(evaluation!.metrics['loss']).toBeLessThan(0.5)
    expect(evaluation!.baseline!['loss']).toBeGreaterThan(2.5)
    expect(evaluation!.metrics['bitsPerCharacter']).toBeCloseTo(evaluation!.metrics['loss']! / Math.LN2, 9)
    expect(exhibits).toHaveLength(3)

    const run = await openRun({ store, registry })
    const { examples } = await evaluationExamples(run, undefined)
    expect(await run.pipeline.evaluate(examples)).toEqual(evaluation!.metrics)
    const sampler = (rng: RandomStream) => randomSampler({ temperature: 0.7 }, rng)
    const options = { prompt: 'One day ', length: 120, sampler }
    const generate = () => run.pipeline.abilities.generator!.generate({ ...options, rng: new RandomStream(5) })
    const text = await generate()
    expect(text).toHaveLength(120)
    expect(await generate()).toBe(text)
    // Written by what it was counted from: nearly all of its words are words of the tales.
    const known = new Set(run.recipe.builtIn(1).join(' ').split(/\s+/))
    const words = text.split(/\s+/).slice(1, -1)
    expect(words.filter((word) => known.has(word)).length / words.length).toBeGreaterThan(0.8)
  })

  it('gives unknown characters a probability', async () => {
    const store = new MemoryStore()
    const text = 'abcab '.repeat(100)
    await trainRun({ registry, store, recipe: { type: 'ngram-lm', order: 3 }, source: memorySource('a.txt', text) })
    const run = await openRun({ store, registry })
    const { loss } = await run.pipeline.evaluate(['abxz'])
    expect(loss).toBeGreaterThan(1)
    expect(loss).toBeLessThan(20)
  })
})
