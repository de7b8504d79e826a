import { attentionPlugin } from '@heddle/attention'
import { createRegistry, type PartSpec, RandomStream } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { rnnPlugin } from '@heddle/rnn'
import { languageModeling, tasksPlugin, textClassification, textToText, tokenClassification } from '@heddle/tasks'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { inspectPlugin } from '../plugin.ts'

// Tasks with new weights, on a handful of examples.

export const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  transformerPlugin,
  decodingPlugin,
  trainerPlugin,
  metricsPlugin,
  tasksPlugin,
  inspectPlugin,
])

const context = () => ({ registry, rng: new RandomStream(1), where: 'mine' })

export function languageModel(model: object) {
  return causal({ type: 'recurrent-lm', embeddingSize: 8, hiddenSize: 12, ...model })
}

/** A GPT of two layers with two heads. */
export function transformer(model: object = {}) {
  return causal({ type: 'transformer-lm', hiddenSize: 8, numHeads: 2, ...model })
}

async function causal(model: PartSpec) {
  const task = languageModeling.create({ model, sampleLength: 4 }, context())
  await task.prepare(['The old man sat there.\nHe was tired.'])
  return task
}

export async function classifier(
  model: PartSpec = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 5, bidirectional: true },
) {
  const task = textClassification.create({ model }, context())
  await task.prepare([
    { text: 'Anna told me', label: 'a' },
    { text: 'The dolmen', label: 'b' },
  ])
  return task
}

export async function tagger() {
  const task = tokenClassification.create({ model: { type: 'word-tagger', hiddenSize: 5 } }, context())
  await task.prepare([{ words: ['He', 'watches', 'it', '.'], tags: ['PRON', 'VERB', 'PRON', 'PUNCT'] }])
  return task
}

export function translator(model: object = {}) {
  return textToTexts({ type: 'recurrent-seq2seq', embeddingSize: 8, hiddenSize: 12, attention: 'additive', ...model })
}

/** An encoder-decoder Transformer of two layers with two heads. */
export const transformerTranslator = () =>
  textToTexts({ type: 'transformer-seq2seq', hiddenSize: 8, numHeads: 2, numLayers: 2 })

async function textToTexts(model: PartSpec) {
  const task = textToText.create({ model, tokenizer: { units: 'words' } }, context())
  await task.prepare([
    { source: 'He was sick.', target: '그는 아팠다.' },
    { source: 'She was old.', target: '그녀는 늙었다.' },
  ])
  return task
}
