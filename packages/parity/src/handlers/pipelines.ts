import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import {
  type AggregationStrategy,
  answerQuestion,
  answerSpans,
  classifyTexts,
  type EncoderModelWithLogits,
  embedTexts,
  encodeWindows,
  fillMask,
  loadPretrained,
  type MaskedLanguageModel,
  type Pretrained,
  type QuestionAnsweringModel,
  recognizeEntities,
  type TextEncoder,
  tokenTensors,
} from '@heddle/bert-pretrain'
import { createRegistry, RandomStream } from '@heddle/core'
import { layersPlugin, setTraining } from '@heddle/layers'
import { transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

/** pipelines/*: words, entities, offsets and answers exactly; scores as values. */
export const pipelinesHandler: Handler = {
  covers: (name) => name in pipelines,
  async compare(golden) {
    const context = {
      registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
      rng: new RandomStream(0),
    }
    const read = (file: string) => readFile(join(golden.folder, file)).catch(() => undefined)
    const as = golden.name.endsWith('sentence_embeddings') ? { type: 'encoder' } : undefined
    const pretrained = await loadPretrained({ read }, context, as)
    setTraining(pretrained.model, false)
    return pipelines[golden.name]!(golden, pretrained)
  },
}

type Compare = (golden: GoldenCase, pretrained: Pretrained) => Promise<Comparison[]>

/** One result list beside the other: texts and places exactly, scores as values. */
function compared<T extends Scored>(name: string, actual: readonly T[], expected: readonly T[]): Comparison[] {
  const rest = (all: readonly T[]) => all.map(({ score: _, ...others }) => others)
  const scores = (all: readonly T[]) => all.map(({ score }) => score)
  const shapes = { shape: [actual.length], expectedShape: [expected.length] }
  return [
    { name, kind: 'exact', actual: rest(actual), expected: rest(expected) },
    { name: `${name}.score`, kind: 'value', ...shapes, actual: scores(actual), expected: scores(expected) },
  ]
}

interface Scored {
  readonly score: number
}

interface TokenEntity extends Scored {
  readonly entity?: string
  readonly entity_group?: string
  readonly word: string
  readonly start: number
  readonly end: number
}

const tokenClassification: Compare = async (golden, { model, tokenizer, labels, maxLength }) => {
  const texts = setting<string[]>(golden, 'texts')
  const results = setting<Record<AggregationStrategy, TokenEntity[][]>>(golden, 'results')
  const comparisons: Comparison[] = []
  for (const [strategy, expected] of Object.entries(results) as [AggregationStrategy, TokenEntity[][]][]) {
    for (const [i, text] of texts.entries()) {
      const options = { labels, strategy, maxLength }
      const entities = await recognizeEntities(model as EncoderModelWithLogits, tokenizer, text, options)
      const actual = entities.map(({ label, score, index, word, start, end }) =>
        strategy === 'none'
          ? { entity: label, score, index, word, start, end }
          : { entity_group: label, score, word, start, end },
      )
      comparisons.push(...compared(`${strategy}.${i}`, actual, expected[i]!))
    }
  }
  return comparisons
}

const textClassification: Compare = async (golden, { model, tokenizer, labels, maxLength, problemType }) => {
  const texts = setting<string[]>(golden, 'texts')
  const inputs = [...texts, [texts[0]!, texts[1]!] as const]
  const options = { labels, maxLength, problemType }
  const scored = await classifyTexts(model as EncoderModelWithLogits, tokenizer, inputs, options)
  const expected = setting<unknown[]>(golden, 'results')
  // transformers wraps the result of a text in a list, and that of a pair not.
  return scored.flatMap((row, i) =>
    compared(`${i}`, row, (i < texts.length ? (expected[i] as unknown[])[0] : expected[i]) as Scored[]),
  )
}

/** The texts of the case, in the order of make_parity.py. */
const MASKED = ['Maria [MASK] Copenhagen yesterday.', '김민수 는 [MASK] 에서 일한다.', '[MASK]']

const masks: Compare = async (golden, { model, tokenizer }) => {
  const expected = setting<{ score: number; token: number; token_str: string; sequence: string }[][]>(golden, 'results')
  const comparisons: Comparison[] = []
  for (const [i, text] of MASKED.entries()) {
    const [mask] = await fillMask(model as MaskedLanguageModel, tokenizer, text)
    const actual = mask!.tokens.map(({ score, id, token, text: sequence }) => ({
      ...{ score, token: id, token_str: token, sequence },
    }))
    comparisons.push(...compared(`${i}`, actual, expected[i]!))
  }
  return comparisons
}

interface GoldenAnswer {
  readonly question: string
  readonly context: string
  readonly start_logits: readonly number[]
  readonly end_logits: readonly number[]
  readonly best: { readonly score: number; readonly start: number; readonly end: number; readonly answer: string }
}

/** The case cuts its contexts to one window of 40 tokens, and its answers to 15. */
const answers: Compare = async (golden, { model: loaded, tokenizer, maxLength }) => {
  const model = loaded as QuestionAnsweringModel
  const comparisons: Comparison[] = []
  for (const [i, expected] of setting<GoldenAnswer[]>(golden, 'results').entries()) {
    const { question, context } = expected
    const windows = encodeWindows(tokenizer, [question, context], { maxLength, stride: 8 })
    const { startLogits, endLogits } = tf.tidy(() => {
      const { ids, lengths, segments } = tokenTensors([windows[0]!], tokenizer)
      return model.forward(ids, lengths, segments)
    })
    const [starts, ends] = [startLogits.dataSync(), endLogits.dataSync()]
    tf.dispose([startLogits, endLogits])
    const [span] = answerSpans(windows[0]!, starts, ends, { maxAnswerLength: 15 })
    const actual = { ...span!, answer: context.slice(span!.start, span!.end) }
    const logits = [
      ['start_logits', starts, expected.start_logits],
      ['end_logits', ends, expected.end_logits],
    ] as const
    comparisons.push(...compared(`${i}`, [actual], [expected.best]))
    for (const [name, values, wanted] of logits) {
      const shapes = { shape: [values.length], expectedShape: [wanted.length] }
      comparisons.push({ name: `${i}.${name}`, kind: 'value', ...shapes, actual: values, expected: wanted })
    }
    if (windows.length > 1) continue
    const [whole] = await answerQuestion(model, tokenizer, expected, { maxLength, maxAnswerLength: 15 })
    const { score, start, end, answer } = whole!
    comparisons.push(...compared(`${i}.whole`, [{ score, start, end, answer }], [expected.best]))
  }
  return comparisons
}

/** Means over tokens, which need no head: the folder's model is read as an encoder alone. */
const embeddings: Compare = async (golden, { model, tokenizer, maxLength }) => {
  const texts = setting<string[]>(golden, 'texts')
  const comparisons: Comparison[] = []
  for (const name of ['means', 'normalized'] as const) {
    const expected = setting<number[][]>(golden, name)
    const vectors = await embedTexts(model as TextEncoder, tokenizer, texts, {
      maxLength,
      normalize: name === 'normalized',
    })
    const shapes = {
      shape: [vectors.length, vectors[0]!.length],
      expectedShape: [expected.length, expected[0]!.length],
    }
    const actual = vectors.flatMap((vector) => [...vector])
    comparisons.push({ name, kind: 'value', ...shapes, actual, expected: expected.flat() })
  }
  return comparisons
}

const pipelines: Readonly<Record<string, Compare>> = {
  'pipelines/sentence_embeddings': embeddings,
  'pipelines/token_classification': tokenClassification,
  'pipelines/text_classification': textClassification,
  'pipelines/fill_mask': masks,
  'pipelines/question_answering': answers,
}
