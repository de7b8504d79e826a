import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { encoderPoint, layersPlugin } from '@heddle/layers'
import { openTask, tasksPlugin, textReading } from '@heddle/tasks'
import { MemoryStore, trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { textCorpus } from '../corpus/read-corpus.ts'
import { bertPretrainPlugin } from '../plugin.ts'
import { maskedLm } from './masked-lm.ts'

beforeAll(() => useWasm({ threads: 1 }))

const plugins = [layersPlugin, attentionPlugin, transformerPlugin, trainerPlugin, tasksPlugin, bertPretrainPlugin]
const registry = createRegistry(plugins)

const animals = ['fox', 'bear', 'heron', 'mouse']
const tale = (animal: string) =>
  `The ${animal} sleeps. The ${animal} wakes! Does the ${animal} run? The ${animal} runs far.`
const corpus = (count: number) =>
  textCorpus(Array.from({ length: count }, (_, i) => tale(animals[i % 4]!)).join('\n\n'), { wrapped: false })

const size = { hiddenSize: 32, numLayers: 1, numHeads: 2, dropout: 0, attention: { dropout: 0 } }
const settings = {
  maxLength: 32,
  tokenizer: { vocabSize: 80 },
  training: { batchSize: 16, learningRate: 5e-3, warmupSteps: 5, steps: 150, evaluateEvery: 75 },
}

it('learns to find masked words, and to judge pairs; the run opens and fills masks', async () => {
  const model = { type: 'bert-pretraining', encoder: { type: 'bert', ...size } }
  const task = maskedLm.create({ ...settings, model }, { registry, rng: new RandomStream(1) })
  const store = new MemoryStore()
  const parts = corpus(400)
  const held = corpus(20)
  await task.fit(parts, { validation: held, store })
  const metrics = await task.evaluate(held)
  expect(metrics['maskedAccuracy']).toBeGreaterThan(0.5)
  expect(metrics['loss']).toBeCloseTo(metrics['maskedLoss']! + metrics['pairLoss']!, 4)
  expect(metrics['pairAccuracy']).toBeGreaterThan(0.4)

  const opened = await openTask(store, registry)
  const [masks] = await opened.predict(['the fox sleeps. the [MASK] wakes!'])
  expect(masks[0].tokens.map(({ token }: { token: string }) => token)).toContain('fox')
  expect(masks[0].tokens[0].text).toMatch(/^the fox sleeps\. the \w+ wakes!$/)
  await expect(opened.predict(['no mask'])).rejects.toThrow(/^fill-mask: expected a text with \[MASK\]/)
  const reader = textReading.find(opened.pipeline.abilities)!
  const shown = await reader.textOf!(held[0] as never)
  expect(shown).toMatch(/^Does the \w+ run\?$|^The \w+ (sleeps|runs far)\.$|^The \w+ wakes!$/)
  expect(reader.read(shown).tokens[0]!.text).toBe('[CLS]')
  task.dispose()
  opened.dispose()
})

it('leaves no tensor behind, and goes on from a checkpoint to the same weights', async () => {
  const model = { type: 'bert-masked-lm', encoder: { type: 'bert', ...size } }
  const rows = { ...settings, pairs: 'none' as const, model }
  const few = { ...rows, training: { ...rows.training, steps: 12, evaluateEvery: 4 } }
  const run = async (store: MemoryStore, steps: number, resume: boolean) => {
    const task = maskedLm.create(few, { registry, rng: new RandomStream(3) })
    const stop = new AbortController()
    const events = { onStep: ({ step }: { step: number }) => (step === steps ? stop.abort() : undefined) }
    await task.fit(corpus(60), { validation: corpus(4), store, resume, signal: stop.signal, events })
    task.dispose()
  }
  const [whole, cut] = [new MemoryStore(), new MemoryStore()]
  const before = tf.memory().numTensors
  await run(whole, 99, false)
  expect(tf.memory().numTensors).toBe(before)
  await run(cut, 5, false)
  await run(cut, 99, true)
  expect(await cut.read('model.safetensors')).toEqual(await whole.read('model.safetensors'))
})

it('also learns the next token with the same weights, of documents by themselves', async () => {
  const model = { type: 'bert-masked-lm', encoder: { type: 'bert', ...size } }
  const training = { ...settings.training, steps: 200, evaluateEvery: 100 }
  const rows = { ...settings, pairs: 'none' as const, acrossDocuments: false, causalShare: 0.5, model, training }
  const task = maskedLm.create(rows, { registry, rng: new RandomStream(1) })
  const losses: Record<string, number[]> = { maskedLoss: [], nextTokenLoss: [] }
  const onStep = ({ metrics }: { metrics: Readonly<Record<string, number>> }) => {
    for (const [name, value] of Object.entries(metrics)) losses[name]?.push(value)
  }
  await task.fit(corpus(400), { validation: corpus(20), events: { onStep } })
  for (const values of Object.values(losses)) {
    expect(values.length).toBeGreaterThan(60)
    expect(values.at(-1)).toBeLessThan(0.6 * values[0]!)
  }
  expect((await task.evaluate(corpus(20)))['maskedAccuracy']).toBeGreaterThan(0.5)
  task.dispose()
})

it('refuses causal batches with an encoder that cannot read so', async () => {
  const bothSides = encoderPoint.of({
    name: 'both-sides',
    summary: 'reads from both sides alone',
    config: z.strictObject({}),
    create: (_, context) => {
      const encoder = context.registry.create(encoderPoint, { type: 'bert', ...size }, context)
      return Object.defineProperty(encoder, 'readsCausally', { value: undefined })
    },
  })
  const others = createRegistry([...plugins, { name: 'test', contributes: [bothSides] }])
  const model = { type: 'bert-masked-lm', encoder: { type: 'both-sides' } }
  const config = { ...settings, pairs: 'none' as const, causalShare: 0.5, model }
  const task = maskedLm.create(config, { registry: others, rng: new RandomStream(1) })
  await expect(task.fit(corpus(20))).rejects.toThrow(
    /expected a model that can read from left to right, as causalShare is 0.5, got BertMaskedLM/,
  )
})

it('refuses pairs with a model that cannot judge them', async () => {
  const task = maskedLm.create(
    { ...settings, model: { type: 'bert-masked-lm' } },
    { registry, rng: new RandomStream(1) },
  )
  await expect(task.fit(corpus(20))).rejects.toThrow(
    /expected a model that judges pairs, as pairs is 'next', got BertMaskedLM/,
  )
})
