import { attentionPlugin } from '@heddle/attention'
import {
  createRegistry,
  floatTensor,
  type PartSpec,
  RandomStream,
  type RawTensor,
  readSafetensors,
  writeSafetensors,
} from '@heddle/core'
import { layersPlugin, type Module, modelPoint, stateDict } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { transformerPlugin } from '../plugin.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'

beforeAll(useCpu)

const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
const context = (seed = 1) => ({ registry, rng: new RandomStream(seed) })
const size = { hiddenSize: 8, numLayers: 2, numHeads: 2, maxPositions: 12 }
const input = { vocabSize: 11 }
const build = (spec: PartSpec) => registry.create(modelPoint, spec, context(5))
const from = (files: ReadonlyMap<string, Uint8Array>) => async (file: string) => files.get(file)
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
const written = (spec: PartSpec) => saveCheckpoint(build(spec), spec, context())
const state = async (model: Module) => new Map(await stateDict(model))

const bert = (pooling: string) => ({ type: 'bert', ...size, pooling })
const roberta = { type: 'roberta', ...size, norm: { type: 'layer-norm', epsilon: 1e-5 } }
const distilbert = { type: 'distilbert', ...size }
const electra = { type: 'electra', ...size, embeddingSize: 4 }
const robertaHead = { epsilon: 1e-5 }

const models: [string, PartSpec][] = [
  ['BertForPreTraining', { type: 'bert-pretraining', encoder: bert('pooler') }],
  ['BertForMaskedLM', { type: 'bert-masked-lm', encoder: bert('first') }],
  ['BertForNextSentencePrediction', { type: 'bert-next-sentence', encoder: bert('pooler') }],
  ['BertForSequenceClassification', { type: 'classifier', numLabels: 3, dropout: 0.1, encoder: bert('pooler') }],
  ['BertForTokenClassification', { type: 'tagger', numLabels: 3, dropout: 0.2, encoder: bert('first') }],
  ['BertForQuestionAnswering', { type: 'bert-question-answering', encoder: bert('first') }],
  ['BertModel', { type: 'encoder', encoder: bert('pooler') }],
  ['RobertaForMaskedLM', { type: 'bert-masked-lm', encoder: roberta, head: robertaHead }],
  [
    'RobertaForSequenceClassification',
    {
      ...{ type: 'classifier', numLabels: 2, dropout: 0.1, encoder: roberta },
      hidden: { activation: 'tanh', dropout: 0.1 },
    },
  ],
  ['RobertaForTokenClassification', { type: 'tagger', numLabels: 2, encoder: roberta }],
  ['RobertaForQuestionAnswering', { type: 'bert-question-answering', encoder: roberta }],
  ['RobertaModel', { type: 'encoder', encoder: { ...roberta, pooling: 'pooler' } }],
  ['DistilBertForMaskedLM', { type: 'bert-masked-lm', encoder: distilbert }],
  [
    'DistilBertForSequenceClassification',
    { type: 'classifier', numLabels: 2, dropout: 0.2, hidden: { activation: 'relu' }, encoder: distilbert },
  ],
  ['DistilBertForTokenClassification', { type: 'tagger', numLabels: 2, dropout: 0.1, encoder: distilbert }],
  ['DistilBertForQuestionAnswering', { type: 'bert-question-answering', dropout: 0.1, encoder: distilbert }],
  ['DistilBertModel', { type: 'encoder', encoder: distilbert }],
  ['ElectraForPreTraining', { type: 'electra-discriminator', encoder: electra }],
  ['ElectraForMaskedLM', { type: 'bert-masked-lm', encoder: electra }],
  [
    'ElectraForSequenceClassification',
    {
      ...{ type: 'classifier', numLabels: 2, dropout: 0.3, encoder: electra },
      hidden: { activation: 'gelu', dropout: 0.3 },
    },
  ],
  ['ElectraForTokenClassification', { type: 'tagger', numLabels: 2, encoder: electra }],
  ['ElectraForQuestionAnswering', { type: 'bert-question-answering', encoder: electra }],
  ['ElectraModel', { type: 'encoder', encoder: electra }],
]

describe.each(models.map(([name, spec]) => [name, { input, ...spec }] as const))('a checkpoint of %s', (name, spec) => {
  it('is read as it was written, and written again with the same bytes', async () => {
    const model = build(spec)
    const files = await saveCheckpoint(model, spec, context())
    expect(parsed(files.get('config.json')!)['architectures']).toEqual([name])
    const read = await loadCheckpoint(from(files), context())
    expect([read.drawn, read.unused]).toEqual([[], []])
    expect(await state(read.model)).toEqual(await state(model))
    expect(await saveCheckpoint(read.model, read.spec, context())).toEqual(files)
  })
})

/** A pre-training checkpoint with other weights. */
async function pretrained(change: (tensors: Map<string, RawTensor>) => void = () => {}) {
  const files = await written({ ...models[0]![1], input })
  const tensors = new Map(readSafetensors(files.get('model.safetensors')!).tensors)
  change(tensors)
  files.set('model.safetensors', writeSafetensors(tensors))
  return from(files)
}

describe('a pre-trained BERT', () => {
  it('is read as a classifier, whose head is drawn from the seed and named', async () => {
    const as = { type: 'classifier', numLabels: 3 }
    const read = async (seed: number) => loadCheckpoint(await pretrained(), context(seed), { as })
    const { model, drawn, unused, spec } = await read(1)
    expect(drawn).toEqual(['classifier.weight', 'classifier.bias'])
    expect(unused).toContain('cls.predictions.transform.dense.weight')
    expect(unused).toHaveLength(7)
    expect(spec).toMatchObject({ type: 'classifier', numLabels: 3, dropout: 0.1, encoder: { pooling: 'pooler' } })
    const [first, again, other] = [
      await state(model),
      await state((await read(1)).model),
      await state((await read(2)).model),
    ]
    expect(again.get('output.weight')).toEqual(first.get('output.weight'))
    expect(other.get('output.weight')).not.toEqual(first.get('output.weight'))
    const source = await state(build({ ...models[0]![1], input }))
    for (const name of ['encoder.layers.1.attention.query.weight', 'encoder.pooler.dense.weight']) {
      expect(other.get(name)).toEqual(source.get(name))
    }
  })

  it('is read as any model that has such an encoder, with settings of the encoder', async () => {
    const read = async (as: PartSpec) => loadCheckpoint(await pretrained(), context(), { as })
    for (const type of ['tagger', 'bert-question-answering', 'bert-masked-lm', 'encoder']) {
      const labels = type === 'tagger' ? { numLabels: 4 } : {}
      expect((await read({ type, ...labels })).spec.type).toBe(type)
    }
    const { spec, unused } = await read({ type: 'encoder', encoder: { pooling: 'mean' } })
    expect(spec).toMatchObject({ encoder: { type: 'bert', pooling: 'mean' } })
    expect(unused).toContain('pooler.dense.weight')
    await expect(read({ type: 'transformer-lm' })).rejects.toThrow(
      /expected a model that has such an encoder, got 'transformer-lm'/,
    )
  })

  it('that is a classifier gets a new head for other labels only when asked', async () => {
    const files = await written({ ...models[3]![1], input })
    const as = { type: 'classifier', numLabels: 5 }
    const { drawn, model } = await loadCheckpoint(from(files), context(), { as })
    expect(drawn).toEqual(['classifier.weight', 'classifier.bias'])
    expect((await state(model)).get('output.weight')!.shape).toEqual([8, 5])
    const config = { ...parsed(files.get('config.json')!), id2label: { 0: 'a', 1: 'b' } }
    files.set('config.json', new TextEncoder().encode(JSON.stringify(config)))
    await expect(loadCheckpoint(from(files), context())).rejects.toThrow(/'classifier.weight': expected \[2,8\]/)
  })

  it('with the names of older files is the same: gamma and beta, position ids, copies of tied weights', async () => {
    const old = await pretrained((tensors) => {
      for (const [name, tensor] of [...tensors]) {
        tensors.delete(name)
        tensors.set(
          name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
          tensor,
        )
      }
      tensors.set('bert.embeddings.position_ids', { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) })
      tensors.set('cls.predictions.decoder.weight', tensors.get('bert.embeddings.word_embeddings.weight')!)
      tensors.set('cls.predictions.decoder.bias', tensors.get('cls.predictions.bias')!)
    })
    const { model, drawn, unused } = await loadCheckpoint(old, context())
    expect([drawn, unused]).toEqual([[], []])
    expect(await state(model)).toEqual(await state(build({ ...models[0]![1], input })))
  })

  it('without its trunk, or with tensors of nobody, is refused', async () => {
    const read = async (change: (tensors: Map<string, RawTensor>) => void) =>
      loadCheckpoint(await pretrained(change), context())
    await expect(read((tensors) => tensors.delete('bert.encoder.layer.1.output.dense.bias'))).rejects.toThrow(
      /missing 'bert.encoder.layer.1.output.dense.bias'/,
    )
    await expect(read((tensors) => tensors.set('bert.adapter', floatTensor([1], new Float32Array(1))))).rejects.toThrow(
      /unexpected 'bert.adapter'/,
    )
  })

  it('saved alone, without a prefix or a class, is the encoder', async () => {
    const files = await written({ type: 'encoder', input, encoder: bert('pooler') })
    const { architectures: _, ...config } = parsed(files.get('config.json')!)
    files.set('config.json', new TextEncoder().encode(JSON.stringify(config)))
    expect([...readSafetensors(files.get('model.safetensors')!).tensors.keys()][0]).toMatch(/^embeddings\./)
    const { spec } = await loadCheckpoint(from(files), context())
    expect(spec.type).toBe('encoder')
    const { drawn } = await loadCheckpoint(from(files), context(), { as: { type: 'tagger', numLabels: 2 } })
    expect(drawn).toEqual(['classifier.weight', 'classifier.bias'])
  })
})

describe('saveCheckpoint of a BERT', () => {
  it('writes further fields, and what it read is there', async () => {
    const spec = { ...models[3]![1], input }
    const labels = { 0: 'bad', 1: 'fair', 2: 'good' }
    const files = await saveCheckpoint(build(spec), spec, context(), { id2label: labels, problem_type: 'regression' })
    const { config } = await loadCheckpoint(from(files), context())
    expect(config).toMatchObject({ id2label: labels, problem_type: 'regression' })
  })

  it.each<PartSpec>([
    { type: 'classifier', numLabels: 2, encoder: bert('first') },
    { type: 'classifier', numLabels: 2, encoder: roberta },
    { type: 'classifier', numLabels: 2, hidden: { activation: 'gelu' }, encoder: { ...roberta } },
    { type: 'tagger', numLabels: 2, encoder: { ...bert('first'), residual: 'pre-norm' } },
    { type: 'tagger', numLabels: 2, encoder: { ...bert('first'), positions: 'rotary' } },
    { type: 'tagger', numLabels: 2, encoder: { ...bert('first'), feedForward: 'gated-mlp' } },
    { type: 'tagger', numLabels: 2, encoder: 'transformer' },
    { type: 'bert-masked-lm', encoder: roberta },
    { type: 'bert-question-answering', dropout: 0.1, encoder: bert('first') },
  ])('refuses what transformers does not have: %j', async (spec) => {
    await expect(written({ ...spec, input })).rejects.toThrow(/expected a model with the parts of/)
  })
})
