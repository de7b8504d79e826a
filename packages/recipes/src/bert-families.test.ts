import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { modelPoint, stateDict } from '@heddle/layers'
import { exportRun, headFor, learnWordPieces, openStartingPoint, recipeNamed, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { saveCheckpoint } from '@heddle/transformer'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

const FAMILIES = { bert: 'Bert', roberta: 'Roberta', distilbert: 'DistilBert', electra: 'Electra' } as const
const RECIPES = {
  'bert-classify': ['ForSequenceClassification', ['negative', 'positive']],
  'bert-pairs': ['ForSequenceClassification', ['contradiction', 'entailment', 'neutral']],
  'bert-tag': ['ForTokenClassification', undefined],
  'bert-answer': ['ForQuestionAnswering', undefined],
} as const

const texts = ['a dog is running near the lake', 'Anna works as a baker', '서울에서 만났다 이야기 연기 음악']
const tokenizer = new TextEncoder().encode(
  JSON.stringify((await learnWordPieces(texts, { vocabSize: 80, lowercase: false })).toJSON()),
)

/** A folder of transformers with a small encoder below the head of pre-training. */
async function checkpoint(family: string) {
  const size = {
    hiddenSize: 8,
    numLayers: 1,
    numHeads: 2,
    maxPositions: 140,
    ...(family === 'bert' && { pooling: 'first' }),
  }
  const spec = { type: 'bert-masked-lm', input: { vocabSize: 80 }, encoder: { type: family, ...size } }
  const context = { registry, rng: new RandomStream(4) }
  const model = registry.create(modelPoint, spec, context)
  const folder = new MemoryStore()
  for (const [file, bytes] of await saveCheckpoint(model, spec, context)) await folder.write(file, bytes)
  await folder.write('tokenizer.json', tokenizer)
  return { folder, weights: await stateDict(model) }
}

describe.each(Object.keys(FAMILIES) as (keyof typeof FAMILIES)[])('a checkpoint of %s', (family) => {
  beforeAll(() => useWasm({ threads: 1 }))

  it.each(Object.keys(RECIPES) as (keyof typeof RECIPES)[])(
    'is fine-tuned by %s, and written as one again',
    async (name) => {
      const { folder, weights } = await checkpoint(family)
      const { model: _, ...tiny } = TINY[name]!
      const as = headFor(recipeNamed(registry, name).defaults['model'] as never)
      const from = await openStartingPoint({ store: folder, registry, name: 'start', as })
      const store = new MemoryStore()
      const training = { steps: 1, batchSize: 4, learningRate: 1e-30, freeze: ['encoder'] }
      const run = await trainRun({ registry, store, from, recipe: { type: name, ...tiny, training } })
      const now = await stateDict(run.task.model)
      const path = 'encoder.layers.0.attention.query.weight'
      expect(now.get(path)).toEqual(weights.get(path))
      expect(run.notes.find((note) => note.startsWith('weights that start at random'))).toMatch(
        name === 'bert-answer' ? /qa_outputs\.weight/ : /classifier(\.out_proj)?\.weight/,
      )
      run.task.dispose()

      const files = await exportRun({ store, registry })
      const config = JSON.parse(new TextDecoder().decode(files.get('config.json')))
      const [suffix, labels] = RECIPES[name]
      expect(config.architectures).toEqual([`${FAMILIES[family]}${suffix}`])
      if (labels !== undefined) expect(Object.values(config.id2label)).toEqual(labels)
      if (name === 'bert-tag') expect(config.id2label[0]).toBe('B-DATE')
    },
  )
})

it('a BERT that was pre-trained with a pooler is written without it where the head has none', async () => {
  const start = new MemoryStore()
  await trainRun({ registry, store: start, recipe: { type: 'bert-pretrain', ...TINY['bert-pretrain'] } }).then(
    ({ task }) => task.dispose(),
  )
  const from = await openStartingPoint({
    store: start,
    registry,
    name: 'start',
    as: headFor({ type: 'tagger', encoder: 'bert' }),
  })
  const store = new MemoryStore()
  const { model: _, ...tiny } = TINY['bert-tag']!
  const { task } = await trainRun({ registry, store, from, recipe: { type: 'bert-tag', ...tiny } })
  task.dispose()
  const files = await exportRun({ store, registry })
  expect(JSON.parse(new TextDecoder().decode(files.get('config.json'))).architectures).toEqual([
    'BertForTokenClassification',
  ])
})
