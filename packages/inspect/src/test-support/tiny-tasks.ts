import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { rnnPlugin } from '@heddle/rnn'
import { languageModeling, tasksPlugin, textClassification, textToText, tokenClassification } from '@heddle/tasks'
import { trainerPlugin } from '@heddle/trainer'

// Tasks with new weights, on a handful of examples.

export const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  decodingPlugin,
  trainerPlugin,
  metricsPlugin,
  tasksPlugin,
])

const context = () => ({ registry, rng: new RandomStream(1), where: 'mine' })

export function languageModel(model: object) {
  const small = { type: 'recurrent-lm', embeddingSize: 8, hiddenSize: 12, ...model }
  const task = languageModeling.create({ model: small }, context())
  task.prepare(['The old man sat there.\nHe was tired.'])
  return task
}

export function classifier() {
  const small = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 5, bidirectional: true }
  const task = textClassification.create({ model: small }, context())
  task.prepare([
    { text: 'Anna told me', label: 'a' },
    { text: 'The dolmen', label: 'b' },
  ])
  return task
}

export function tagger() {
  const task = tokenClassification.create({ model: { type: 'word-tagger', hiddenSize: 5 } }, context())
  task.prepare([{ words: ['He', 'watches', 'it', '.'], tags: ['PRON', 'VERB', 'PRON', 'PUNCT'] }])
  return task
}

export function translator(model: object = {}) {
  const small = { type: 'recurrent-seq2seq', embeddingSize: 8, hiddenSize: 12, attention: 'additive', ...model }
  const task = textToText.create({ model: small, tokenizer: { units: 'words' } }, context())
  task.prepare([
    { source: 'He was sick.', target: '그는 아팠다.' },
    { source: 'She was old.', target: '그녀는 늙었다.' },
  ])
  return task
}
