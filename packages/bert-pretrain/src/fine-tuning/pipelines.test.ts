import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { layersPlugin, modelPoint } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import { Tokenizer } from '@heddle/tokenizer'
import { transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerQuestion, type QuestionAnsweringModel } from './answer-question.ts'
import { answerSpans, bestSpans } from './answer-spans.ts'
import { classifyTexts } from './classify-texts.ts'
import { embedTexts, type TextEncoder } from './embed-texts.ts'
import { encodeTexts, encodeWindows, tokenTensors } from './encoded-texts.ts'
import { type EncoderModelWithLogits, recognizeEntities } from './recognize-entities.ts'

beforeAll(useCpu)

const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...'abcdefghij']
const special = (content: string) => ({ id: words.indexOf(content), content, special: true })
const tokenizer = Tokenizer.fromJSON({
  version: '1.0',
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map(special),
  pre_tokenizer: { type: 'Whitespace' },
  model: { type: 'WordLevel', vocab: Object.fromEntries(words.map((word, id) => [word, id])), unk_token: '[UNK]' },
  post_processor: {
    type: 'BertProcessing',
    sep: ['[SEP]', 3],
    cls: ['[CLS]', 2],
  },
})
const encoder = { type: 'bert', hiddenSize: 8, numLayers: 1, numHeads: 2, initializerRange: 0.5, maxPositions: 16 }
const build = <M>(spec: PartSpec): M => {
  const context = {
    registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
    rng: new RandomStream(1),
  }
  return context.registry.create(modelPoint, { input: { vocabSize: words.length }, encoder, ...spec }, context) as M
}
const context = 'a b c d e f g h i j a b c d'

let tensors = 0
beforeEach(() => {
  tensors = tf.memory().numTensors
})

describe('encodeWindows', () => {
  it('reads all of a long context, each window with the question and what it shares with the one before', () => {
    const windows = encodeWindows(tokenizer, ['j i', context], { maxLength: 10, stride: 2 })
    expect(windows.length).toBeGreaterThan(2)
    const parts = windows.map(({ tokens }) => tokens.slice(4, -1))
    for (const { tokens, length } of windows) {
      expect(length).toBeLessThanOrEqual(10)
      expect(tokens.slice(0, 4)).toEqual(['[CLS]', 'j', 'i', '[SEP]'])
    }
    const rest = parts.slice(1).map((part, i) => {
      expect(part.slice(0, 2)).toEqual(parts[i]!.slice(-2))
      return part.slice(2)
    })
    expect([...parts[0]!, ...rest.flat()].join(' ')).toBe(context)
    expect(tokenizer.truncation).toBeUndefined()
  })

  it('refuses a question that leaves no room', () => {
    expect(() => encodeWindows(tokenizer, [context, context], { maxLength: 16, stride: 2 })).toThrow(
      /expected room for more than 2 tokens of the text beside 14 of the question/,
    )
  })
})

it('tensors have padding, lengths and segments', () => {
  const { ids, lengths, segments } = tokenTensors(encodeTexts(tokenizer, ['a', ['a', 'b c']], 16), tokenizer)
  expect(ids.arraySync()).toEqual([
    [2, 4, 3, 0, 0, 0],
    [2, 4, 3, 5, 6, 3],
  ])
  expect(lengths.arraySync()).toEqual([3, 6])
  expect(segments.arraySync()).toEqual([
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, 1, 1],
  ])
  tf.dispose([ids, lengths, segments])
})

it('answerSpans are the best pairs of start and end within the context', () => {
  const [window] = encodeWindows(tokenizer, ['j', 'a b c d'], { maxLength: 16, stride: 2 })
  const starts = [9, 9, 9, 1, 0, 3, 0, 9]
  const ends = [9, 9, 9, 2, 1, 0, 2, 9]
  const all = [0, 1, 2, 3].flatMap((first) =>
    [0, 1, 2, 3].flatMap((last) => (last < first || last - first >= 2 ? [] : [starts[3 + first]! + ends[3 + last]!])),
  )
  const spans = answerSpans(window!, starts, ends, { maxAnswerLength: 2, top: 3 })
  expect(spans.map(({ score }) => score)).toEqual(all.sort((a, b) => b - a).slice(0, 3))
  expect(spans[0]).toEqual({ score: 5, start: 4, end: 7 })
  expect(bestSpans([spans, [{ ...spans[0]!, score: 8 }]], 2)[0]).toEqual({ score: 8, start: 4, end: 7 })
})

it('answerQuestion reads the whole context, and gives probabilities', async () => {
  const model = build<QuestionAnsweringModel>({ type: 'bert-question-answering' })
  // The answer that it is made to find: the last `e`, wherever it stands in its window.
  const wanted: QuestionAnsweringModel = Object.assign(model, {
    forward: (ids: tf.Tensor) => {
      const logits = tf.mul(tf.cast(tf.equal(ids, words.indexOf('e')), 'float32'), 6)
      return { startLogits: logits, endLogits: tf.clone(logits) }
    },
  })
  const question = { question: 'j', context: `${'a b c d '.repeat(6)}e a` }
  const answers = await answerQuestion(wanted, tokenizer, question, { maxLength: 12, top: 2, mayHaveNone: true })
  expect(answers[0]).toMatchObject({ answer: 'e', start: 48, end: 49, score: 12 })
  expect(answers[0]!.probability).toBeGreaterThan(answers[1]!.probability)
  expect(tf.memory().numTensors).toBe(tensors)
})

it('recognizeEntities reads a long text in windows and finds each entity once', async () => {
  const model = Object.assign(build<EncoderModelWithLogits>({ type: 'tagger', numLabels: 2 }), {
    forward: (ids: tf.Tensor) => ({
      logits: tf.mul(tf.oneHot(tf.cast(tf.equal(ids, 4), 'int32') as tf.Tensor2D, 2), 5),
    }),
  })
  const options = { labels: ['O', 'B-X'], maxLength: 8, stride: 3 }
  const text = 'a b c d e f g h a b c d a'
  const entities = await recognizeEntities(model, tokenizer, text, options)
  expect(entities.map(({ start, word }) => [start, word])).toEqual([
    [0, 'a'],
    [16, 'a'],
    [24, 'a'],
  ])
})

it('classifyTexts scores by softmax, by sigmoid, or not at all', async () => {
  const model = build<EncoderModelWithLogits>({ type: 'classifier', numLabels: 2 })
  const labels = ['no', 'yes']
  const score = (problemType?: 'regression' | 'multi_label_classification') =>
    classifyTexts(model, tokenizer, ['a b', ['a', 'b']], { labels, maxLength: 16, problemType, batchSize: 1 })
  const [soft, sigmoid, raw] = [await score(), await score('multi_label_classification'), await score('regression')]
  for (const [i, row] of raw.entries()) {
    const logits = Object.fromEntries(row.map((each) => [each.label, each.score]))
    const sum = row.reduce((total, each) => total + Math.exp(each.score), 0)
    for (const { label, score } of soft[i]!) expect(score).toBeCloseTo(Math.exp(logits[label]!) / sum, 5)
    for (const { label, score } of sigmoid[i]!) expect(score).toBeCloseTo(1 / (1 + Math.exp(-logits[label]!)), 5)
    expect(row[0]!.score).toBeGreaterThanOrEqual(row[1]!.score)
  }
})

it('embedTexts gives the mean of the vectors of the real tokens, whatever stands beside a text', async () => {
  const model = build<TextEncoder>({ type: 'encoder' })
  const options = { maxLength: 16, normalize: false }
  const [short, long] = await embedTexts(model, tokenizer, ['a', 'a b c d'], options)
  const [alone] = await embedTexts(model, tokenizer, ['a'], options)
  for (const [i, value] of short!.entries()) expect(value).toBeCloseTo(alone![i]!, 5)
  const means = tf.tidy(() => {
    const { ids } = tokenTensors(encodeTexts(tokenizer, ['a b c d'], 16), tokenizer)
    return tf.mean(model.forward(ids).outputs, 1).dataSync()
  })
  for (const [i, value] of long!.entries()) expect(value).toBeCloseTo(means[i]!, 5)
  const [unit] = await embedTexts(model, tokenizer, ['a b c d'], { maxLength: 16 })
  expect(Math.hypot(...unit!)).toBeCloseTo(1, 5)
  const withHead = build<TextEncoder>({ type: 'classifier', numLabels: 2 })
  await expect(embedTexts(withHead, tokenizer, ['a'], options)).rejects.toThrow(
    'expected an encoder alone, got a model',
  )
})
