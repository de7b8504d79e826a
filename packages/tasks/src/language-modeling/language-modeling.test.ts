import { createRegistry, RandomStream } from '@heddle/core'
import type { TextPart } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { Linear, modelPoint } from '@heddle/layers'
import { taskContract } from '@heddle/testing/task'
import { MemoryStore } from '@heddle/trainer'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { plugins, registry } from '../test-support/registry.ts'
import { languageModeling } from './language-modeling.ts'

const text = 'the loom and the thread. '.repeat(12)

for (const training of [
  { windows: 'stream' },
  { windows: 'random' },
  { windows: 'random', batchRamp: { from: 1, share: 1 }, labelSmoothing: 0.1 },
] as const) {
  taskContract(`language-modeling in windows (${JSON.stringify(training)})`, {
    task: languageModeling,
    registry,
    useBackend: () => useWasm({ threads: 1 }),
    settings: {
      model: { type: 'recurrent-lm', embeddingSize: 4, hiddenSize: 4, numLayers: 2 },
      sampleLength: 5,
      training: { batchSize: 4, windowLength: 6, ...training },
    },
    train: [text],
    heldOut: ['the thread and the loom. '],
    inputs: ['the ', '', 'loom?'],
  })
}

taskContract('language-modeling by counting', {
  task: languageModeling,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { model: { type: 'ngram-lm', order: 3 }, sampleLength: 5 },
  train: [text],
  heldOut: ['the thread and the loom. '],
  inputs: ['the ', '', 'loom?'],
})

describe('language modeling', () => {
  const create = (settings: object) => languageModeling.create(settings, { registry, rng: new RandomStream(1) })

  it('lets the batch grow where windows come from random places, and refuses to along streams', async () => {
    const rates: number[] = []
    const training = { batchSize: 8, windowLength: 6, steps: 8, batchRamp: { from: 2, share: 1 }, windows: 'random' }
    const task = create({ model: { type: 'recurrent-lm', hiddenSize: 4 }, training })
    await task.prepare([text])
    const { learning } = task.pipeline
    if (!('objective' in learning)) throw new Error('expected a model that learns step by step')
    const batches = await learning.trainingBatches([text], new RandomStream(1))
    for (let i = 0; i < 8; i++) {
      const [window] = (await batches.next()) as [{ shape: number[]; inputs: Int32Array }]
      rates.push(window.shape[0]!)
      expect(window.inputs.length).toBe(window.shape[0]! * 6)
    }
    task.dispose()
    expect(rates).toEqual([2, 2, 2, 2, 4, 4, 8, 8])
    await expect(create({ training: { ...training, windows: 'stream' } }).prepare([text])).rejects.toThrow(
      "expected training.windows to be 'random' with training.batchRamp, got 'stream'",
    )
  })

  it.each(['stream', 'random'])(
    'learns a text that stays on the disk, in windows (%s), and goes on exactly',
    async (windows) => {
      const lines = Array.from({ length: 60 }, (_, i) => `the loom and thread number ${i} of ${i + 1}\n`)
      const part = (some: readonly string[], i: number): TextPart => ({
        name: `${i}`,
        size: some.join('').length,
        text: async () => some.join(''),
      })
      const parts = Array.from({ length: 12 }, (_, i) => part(lines.slice(5 * i, 5 * i + 5), i))
      const training = { batchSize: 4, windowLength: 6, windows, evaluateEvery: 2, steps: 6 }
      const model = { type: 'recurrent-lm', hiddenSize: 8 }
      const weights = async (stops: readonly number[]) => {
        const store = new MemoryStore()
        for (const [i, steps] of stops.entries()) {
          const task = create({ model, training })
          const examples = task.split([...parts, text], { validation: 0.5, test: 0 }, 1)
          expect(examples.train.slice(0, 12)).toEqual(parts)
          expect(examples.validation.join('').length).toBeGreaterThan(100)
          expect(task.count(examples.train)).toBe('0.0 MB of text')
          const stop = new AbortController()
          await task.fit(examples.train, {
            validation: examples.validation,
            store,
            resume: i > 0,
            signal: stop.signal,
            events: { onStep: ({ step }) => (step === steps ? stop.abort() : undefined) },
          })
          task.dispose()
        }
        return store.read('model.safetensors')
      }
      expect(await weights([3, 99])).toEqual(await weights([99]))
    },
  )

  it('cuts a text into parts in its order, losing nothing', () => {
    const task = create({ training: { windowLength: 10 } })
    for (const test of [0, 0.1]) {
      const parts = task.split([text], { validation: 0.2, test }, 1)
      expect([...parts.train, ...parts.validation, ...parts.test].join('')).toBe(text)
      expect(parts.validation.join('').length).toBeGreaterThan(10)
    }
    expect(task.count([text])).toBe('300 characters')
  })

  it('counts words and ends of lines for the perplexity by word, whatever the tokens are', async () => {
    const train = ['the loom and the thread \n the thread and a loom \n'.repeat(9)]
    const heldOut = [' the thread \n\n a loom  and <unk> \n']
    for (const [units, tokens] of [
      ['words', 9],
      ['characters', heldOut[0]!.length],
      ['subwords', undefined],
    ] as const) {
      const task = create({ model: { type: 'ngram-lm', order: 3 }, tokenizer: { units } })
      await task.fit(train)
      const { loss, perplexity, wordPerplexity } = await task.evaluate(heldOut)
      const numTokens = (await task.pipeline.encode(heldOut)).length
      if (tokens !== undefined) expect(numTokens).toBe(tokens)
      // Six words and three ends of lines.
      expect(Math.log(wordPerplexity!)).toBeCloseTo((loss! * numTokens) / 9, 9)
      if (units === 'words') expect(wordPerplexity).toBeCloseTo(perplexity!, 9)
      task.dispose()
    }
  })

  it('says which share of a text larger than memory an n-gram model counts, and counts no more', async () => {
    const task = create({ model: { type: 'ngram-lm', order: 2 } })
    const read: number[] = []
    const part = (number: number) => ({
      name: `${number}`,
      size: 2 ** 22,
      text: async () => {
        read.push(number)
        return 'the loom and '
      },
    })
    const text = Array.from({ length: 10 }, (_, number) => part(number))
    await task.prepare(['the loom and '])
    const { learning } = task.pipeline
    if (!('fit' in learning)) throw new Error('expected a model that counts')
    expect(learning.leavesOut?.(text)).toContain('counted in 16 MiB from all over the text')
    expect(learning.leavesOut?.(text.slice(0, 4))).toBeUndefined()
    expect(learning.leavesOut?.(['the loom'])).toBeUndefined()
    await learning.fit(text, [])
    expect(read).toEqual([0, 3, 6, 9])
    task.dispose()
  })

  it('continues words with the space before them, and takes unknown ones as <unk>', async () => {
    const task = create({ model: { type: 'ngram-lm', order: 3 }, tokenizer: { units: 'words' }, sampleLength: 6 })
    await task.fit(['the loom and\n'.repeat(60)])
    expect((await task.predict(['the']))[0]).toBe('the loom and\n the loom and')
    const [unknown, ...others] = await task.pipeline.encode(['<unk> new the'])
    expect([unknown, others.length]).toEqual([0, 2])
    expect(others[0]).toBe(0)
    task.dispose()
  })

  it('learns from words that are marked as <unk>, as in WikiText', async () => {
    const task = create({ model: { type: 'ngram-lm', order: 3 }, tokenizer: { units: 'words' } })
    const text = 'the <unk> and\n'.repeat(60)
    await task.fit([text])
    expect(Math.max(...(await task.pipeline.encode([text])))).toBe(task.pipeline.vocabSize - 1)
    expect((await task.evaluate([text]))['perplexity']).toBeLessThan(1.1)
    task.dispose()
  })

  it('gives unknown characters a probability, and bits and perplexity that belong to its loss', async () => {
    const task = create({ model: { type: 'ngram-lm', order: 3 } })
    await task.fit(['abcab '.repeat(100)])
    const { loss, bitsPerCharacter, perplexity } = await task.evaluate(['abxz'])
    expect(loss).toBeGreaterThan(1)
    expect(loss).toBeLessThan(20)
    expect(bitsPerCharacter).toBeCloseTo(loss! / Math.LN2, 9)
    expect(perplexity).toBeCloseTo(Math.exp(loss!), 9)
    task.dispose()
  })

  it('refuses metrics that it would ignore, and models that cannot step', async () => {
    expect(() => create({ metrics: ['chrf'] })).toThrow('no metrics besides its own')
    const bag = modelPoint.of({
      name: 'acme/bag',
      summary: 'a model that cannot step',
      config: z.object({}).loose(),
      create: () => new Linear({ inputSize: 2, outputSize: 2 }, new RandomStream(1)),
    })
    const withBag = createRegistry([...plugins, { name: 'acme', contributes: [bag] }])
    const task = languageModeling.create(
      { model: 'acme/bag' },
      { registry: withBag, rng: new RandomStream(1), where: 'x' },
    )
    await expect(task.fit([text])).rejects.toThrow('x: expected a model with initialState and step, got Linear.')
  })
})
