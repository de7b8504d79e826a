import { type PartSpec, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttentionExhibit } from '../exhibits/attention.ts'
import { imageClassification } from '../image-classification/image-classification.ts'
import { openTask } from '../run/open-run.ts'
import type { Task } from '../task/task.ts'
import { withRecipes as registry } from '../test-support/recipes.ts'
import { halfPictures, letterTexts } from '../test-support/tiny-examples.ts'
import { trained } from '../test-support/trained.ts'
import { textClassification } from '../text-classification/text-classification.ts'
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
      "translate: expected a run that can translate, got runs/a, a run of 'language-modeling'. Use 'heddle generate', 'heddle predict'.",
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
