import { type PartSpec, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttentionExhibit } from '../exhibits/attention.ts'
import { imageClassification } from '../image-classification/image-classification.ts'
import { type LanguageModelingPipeline, languageModeling } from '../language-modeling/language-modeling.ts'
import { openTask } from '../run/open-run.ts'
import type { Task } from '../task/task.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { halfPictures, letterTexts } from '../test-support/tiny-examples.ts'
import { trained } from '../test-support/trained.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { judging } from './judge.ts'
import { textReading } from './read-text.ts'
import { usePoint } from './use.ts'

const context = () => ({ registry, rng: new RandomStream(1) })
let [languageModel, translator]: Task[] = []

beforeAll(async () => {
  await useWasm({ threads: 1 })
  languageModel = await openTask((await trained('tiny-lm')).store, registry)
  translator = await openTask((await trained('tiny-pairs')).store, registry)
})
afterAll(() => {
  languageModel?.dispose()
  translator?.dispose()
})

const use = (spec: PartSpec, task: Task, more: object = {}) =>
  registry.create(usePoint, spec, { task, name: 'runs/a', ...more })

describe('translate', () => {
  it('decodes greedily and with beam search, with the attention of each word', async () => {
    for (const beamWidth of [1, 3]) {
      const translate = use({ type: 'translate', beamWidth, maxLength: 5, attention: true }, translator!)
      const { outputs, json, exhibits } = await translate(['the loom 3', 'a thread'])
      expect(outputs).toHaveLength(2)
      expect(json).toMatchObject([{ source: 'the loom 3', translation: outputs[0] }, { source: 'a thread' }])
      const map = exhibits![0] as AttentionExhibit
      expect(map.kind).toBe('attention')
      expect(map.source).toHaveLength(4)
      expect(map.source.at(-1)).toBe('<eos>')
      expect(map.weights).toHaveLength(map.target.length)
      for (const row of map.weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    }
  })

  it('says what a run can be used for instead', () => {
    expect(() => use({ type: 'translate' }, languageModel!)).toThrow(
      "translate: expected a run that can translate, got runs/a, a run of 'language-modeling'. Use 'heddle generate', 'heddle score', 'heddle predict'.",
    )
    expect(() => use({ type: 'generate' }, translator!)).toThrow("Use 'heddle translate', 'heddle predict'.")
  })
})

describe('generate', () => {
  it('writes the same text for the same seed, part by part', async () => {
    let written = ''
    const onText = (text: string) => (written += text)
    const generate = use({ type: 'generate', length: 40, seed: 7 }, languageModel!, { onText })
    const [text] = (await generate(['the ']))!.outputs
    expect(text).toBe(`the ${written}`)
    expect(written).toHaveLength(40)
    expect((await generate(['the '])).outputs).toEqual([text])
    const other = use({ type: 'generate', length: 40, seed: 8 }, languageModel!)
    expect((await other(['the '])).outputs).not.toEqual([text])
  })

  it('never writes bad words', async () => {
    const plain = { type: 'generate', length: 40, seed: 7 }
    const [free] = (await use(plain, languageModel!)(['the '])).outputs
    const badWords = [free!.slice(4, 6), free!.slice(20, 23)]
    const [text] = (await use({ ...plain, badWords, repetitionPenalty: 1.1 }, languageModel!)(['the '])).outputs
    for (const word of badWords) expect(text!.slice(4)).not.toContain(word)
    expect(() => use({ ...plain, noRepeatNgram: 0 }, languageModel!)).toThrow('noRepeatNgram')
  })

  it('takes the most probable at temperature 0, or any sampler by name, but not both', async () => {
    const cold = use({ type: 'generate', length: 10, temperature: 0 }, languageModel!)
    expect((await cold(['', ''])).outputs[0]).toBe((await cold([''])).outputs[0])
    const named = (sampler: string | PartSpec, more: object = {}) =>
      use({ type: 'generate', length: 10, sampler, ...more }, languageModel!)
    expect((await named('greedy')(['the '])).outputs).toEqual((await cold(['the '])).outputs)
    const random = use({ type: 'generate', length: 40, seed: 7 }, languageModel!)
    const spelledOut = named({ type: 'random', temperature: 0.8 }, { length: 40, seed: 7 })
    expect((await spelledOut(['the '])).outputs).toEqual((await random(['the '])).outputs)
    expect(() => named('greedy', { topK: 3 })).toThrow('generate: expected either sampler or topK, got both.')
    expect(() => named('acme/mirostat')).toThrow('no sampler is named "acme/mirostat"')
  })
})

describe('predict', () => {
  it('answers each input, for people and as data', async () => {
    const task = textClassification.create(
      {
        model: { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 4 },
        training: { batchSize: 8, warmupSteps: 1, learningRate: 0.1, tokenDropout: 0 },
      },
      context(),
    )
    await task.fit(letterTexts(40), { steps: 30 })
    const { outputs, json } = await use({ type: 'predict' }, task)(['aa', 'bb'])
    expect(outputs.map((output) => output.replace(/\d+/, 'n'))).toEqual(['A (n %)', 'B (n %)'])
    expect(json).toMatchObject([
      { input: 'aa', prediction: { label: 'A' } },
      { input: 'bb', prediction: { label: 'B' } },
    ])
    task.dispose()
  })

  it('asks for an application that opens files, where a task reads files', async () => {
    const model = { type: 'recurrent-classifier', hiddenSize: 4 }
    const task = imageClassification.create({ model }, context())
    await task.fit(halfPictures(6), { steps: 1 })
    await expect(use({ type: 'predict' }, task)(['0.png'])).rejects.toThrow('expected an application that opens files')
    task.dispose()
  })
})

describe('reading a text', () => {
  it.each([
    ['language model', () => languageModel!, ['t', 'h', 'e', ' ', 'l']],
    ['translator', () => translator!, ['the', 'loom', '<eos>']],
  ])('shows the tokens of a %s', (_, task, tokens) => {
    const reader = textReading.find(task().pipeline.abilities)!
    const text = tokens.includes('<eos>') ? 'the loom' : 'the l'
    expect(reader.read(text).tokens.map((token) => token.text)).toEqual(tokens)
    expect(() => reader.read('')).toThrow('expected a text of at least 2 tokens, got 0')
  })
})

describe('score', () => {
  it('gives each token its probability after those before it, which add up to the text', async () => {
    const score = use({ type: 'score' }, languageModel!)
    const text = 'the loom'
    const { outputs, json, exhibits } = await score([text, 'x'])
    const [whole, single] = json as {
      logProbability: number
      bits: number
      perplexity: number
      tokens: { token: string; logProbability: number; bits: number }[]
    }[]
    expect(whole!.tokens.map(({ token }) => token).join('')).toBe(text)
    expect(single!.tokens).toHaveLength(1)
    const sum = whole!.tokens.reduce((total, { logProbability }) => total + logProbability, 0)
    expect(whole!.logProbability).toBeCloseTo(sum, 9)
    expect(whole!.bits).toBeCloseTo(-sum / Math.LN2, 9)
    expect(whole!.perplexity).toBeCloseTo(Math.exp(-sum / text.length), 9)
    expect(outputs[0]).toContain(`perplexity ${whole!.perplexity.toFixed(2)} over 8 tokens`)
    expect(exhibits![0]).toMatchObject({ kind: 'token-scores', title: 'Surprise: the loom' })
    // As the model itself says of the same tokens in one pass.
    const { model, pipeline } = languageModel!
    const ids = await (pipeline as LanguageModelingPipeline).encode([`\n${text}`])
    const expected = tf.tidy(() => {
      const { logits } = model.forward(tf.tensor2d(ids, [1, ids.length], 'int32')) as { logits: tf.Tensor3D }
      return tf
        .logSoftmax(logits)
        .arraySync()[0]!
        .slice(0, -1)
        .map((row, t) => row[ids[t + 1]!]!)
    })
    for (const [t, { logProbability }] of whole!.tokens.entries()) expect(logProbability).toBeCloseTo(expected[t]!, 4)
  })

  it('works with a model that counts, and refuses a text without tokens', async () => {
    const task = languageModeling.create({ model: { type: 'ngram-lm', order: 2 } }, context())
    await task.fit(['abababac'.repeat(20)])
    const score = use({ type: 'score' }, task)
    const [scored] = (await score(['abac'])).json as { tokens: { bits: number }[] }[]
    const bits = scored!.tokens.map((token) => token.bits)
    // After a the letter b is three times as frequent as c, and after b stands nothing but a.
    expect(bits[1]).toBeLessThan(bits[3]!)
    expect(bits[2]).toBeLessThan(0.1)
    await expect(score([''])).rejects.toThrow('score: expected a text of at least one token, got none.')
    task.dispose()
  })
})

describe('rows of predictions', () => {
  it('are one for each input, of any task', async () => {
    const written = await use({ type: 'predict' }, translator!)(['the loom 3', 'a thread'])
    expect(written.rows).toEqual([
      { prediction: written.outputs[0], logProbability: expect.any(Number) },
      { prediction: written.outputs[1], logProbability: expect.any(Number) },
    ])
    const continued = await use({ type: 'predict' }, languageModel!)(['the'])
    expect(continued.rows).toEqual([{ prediction: continued.outputs[0] }])
    const classifier = textClassification.create({ training: { steps: 2 } }, context())
    await classifier.fit(letterTexts(24))
    const { rows, json } = await use({ type: 'predict' }, classifier)(['aab'])
    const { label, score, scores } = (json as [{ prediction: Record<string, unknown> }])[0].prediction
    expect(rows).toEqual([{ prediction: label, score, scores }])
    classifier.dispose()
  })
})

describe('judging', () => {
  it('shows each example with its answer, its prediction and the loss, whose mean is the loss of the evaluation', async () => {
    const classifier = textClassification.create({ training: { steps: 2 } }, context())
    const examples = letterTexts(24)
    await classifier.fit(examples)
    const rows = await judging.find(classifier.pipeline.abilities)!.judge([...examples, { text: 'a', label: 'new' }])
    const { accuracy, loss } = await classifier.evaluate(examples)
    const known = rows.slice(0, examples.length)
    expect(known.map(({ text, gold: label }) => ({ text, label }))).toEqual(
      examples.map(({ text, label }) => ({ text, label })),
    )
    expect(known.filter(({ gold, prediction }) => gold === prediction).length / known.length).toBeCloseTo(accuracy!, 9)
    expect(known.reduce((sum, row) => sum + (row['loss'] as number), 0) / known.length).toBeCloseTo(loss!, 6)
    expect(rows.at(-1)).toMatchObject({ gold: 'new', loss: null })
    classifier.dispose()
  })

  it('writes texts as an evaluation does', async () => {
    const judge = judging.find(translator!.pipeline.abilities)!
    const rows = await judge.judge([{ source: 'the loom 3', target: 'THE LOOM 3' }])
    const [written] = await translator!.predict(['the loom 3'])
    expect(rows).toEqual([
      { source: 'the loom 3', gold: 'THE LOOM 3', prediction: written.text, logProbability: written.logProbability },
    ])
  })
})
