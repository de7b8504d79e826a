import type { EncoderClassifier, EncoderTagger, Module } from '@heddle/layers'
import type { BertNextSentence } from '../bert/bert-next-sentence.ts'
import type { BertPretraining } from '../bert/bert-pretraining.ts'
import type { ElectraDiscriminator } from '../bert/electra-discriminator.ts'
import type { CheckpointConfig } from './checkpoint-format.ts'
import { linearNames, normNames, type WeightName } from './weight-names.ts'

export type Settings = Readonly<Record<string, unknown>>

/** Format of a model with a head: its class, the settings that follow from config.json, and the names of its weights. */
export interface HeadFormat {
  /** End of the class's name in transformers: `ForMaskedLM`. */
  readonly suffix: string
  /** Whether the encoder's summary is its pooler's. */
  readonly pooled: boolean
  /** Whether it reads the vectors of tokens alone, so that a pooler of the encoder is left out. */
  readonly ofTokens?: boolean
  /** Settings of the model beside `input` and `encoder`. */
  settings(config: CheckpointConfig): Settings
  /** Fields of config.json for such settings; undefined where transformers has no such head. */
  fields(model: Settings, encoder: Settings): CheckpointConfig | undefined
  weights(model: Module): readonly WeightName[]
}

/** The encoder alone. */
export const noHead = (pooled: boolean): HeadFormat => ({
  suffix: 'Model',
  pooled,
  settings: () => ({}),
  fields: () => ({}),
  weights: () => [],
})

/** A label for each token. @param dropout its rate in config.json */
export const tokenClassification = (rate: DropoutField): HeadFormat => ({
  suffix: 'ForTokenClassification',
  pooled: false,
  ofTokens: true,
  settings: (config) => ({ numLabels: numLabelsOf(config), dropout: rate.read(config) }),
  fields: ({ dropout = 0, numLabels }, encoder) => withLabels(numLabels, rate.write(dropout as number, encoder)),
  weights: (model) => linearNames('classifier', (model as EncoderTagger).output),
})

/** The start and end of an answer. */
export const questionAnswering = (rate: DropoutField): HeadFormat => ({
  suffix: 'ForQuestionAnswering',
  pooled: false,
  ofTokens: true,
  settings: (config) => ({ dropout: rate.read(config) }),
  fields: ({ dropout = 0 }, encoder) => rate.write(dropout as number, encoder),
  weights: (model) => linearNames('qa_outputs', (model as EncoderTagger).output),
})

export interface ClassifierNames {
  readonly pooled?: boolean
  /** Name of the further layer, and the function after it, where there is one. */
  readonly hidden?: { readonly name: string; readonly activation: string; readonly dropped: boolean }
  readonly output: string
}

/** A label for the whole input. */
export const sequenceClassification = (
  { pooled = false, hidden, output }: ClassifierNames,
  rate: DropoutField,
): HeadFormat => ({
  suffix: 'ForSequenceClassification',
  pooled,
  settings(config) {
    const dropout = rate.read(config)
    const layer = hidden && { activation: hidden.activation, dropout: hidden.dropped ? dropout : 0 }
    return { numLabels: numLabelsOf(config), dropout, ...(layer && { hidden: layer }) }
  },
  fields({ dropout: given = 0, numLabels, hidden: layer }, encoder) {
    const dropout = given as number
    const { activation = 'tanh', dropout: before = 0 } = (layer ?? {}) as { activation?: string; dropout?: number }
    if ((layer !== undefined) !== (hidden !== undefined)) return undefined
    if (hidden !== undefined && (hidden.activation !== activation || before !== (hidden.dropped ? dropout : 0))) {
      return undefined
    }
    return withLabels(numLabels, rate.write(dropout, encoder))
  },
  weights(model) {
    const { hidden: layer, output: last } = model as EncoderClassifier
    return [...(hidden && layer ? linearNames(hidden.name, layer) : []), ...linearNames(output, last)]
  },
})

export interface MaskedLMNames {
  readonly dense: string
  readonly norm: string
  readonly bias: string
  /** Activation and epsilon in config.json. */
  head(config: CheckpointConfig): { readonly activation: string; readonly epsilon: number }
  /** The same of an encoder's settings. */
  headOf(encoder: Settings): { readonly activation: string; readonly epsilon: number }
}

function maskedLMFields({ head = {} }: Settings, expected: { activation: string; epsilon: number }) {
  const { activation = 'gelu', epsilon = 1e-12 } = head as { activation?: string; epsilon?: number }
  return activation === expected.activation && epsilon === expected.epsilon ? {} : undefined
}

function maskedLMWeights({ dense, norm, bias }: MaskedLMNames, { head }: BertPretraining): WeightName[] {
  return [...linearNames(dense, head.dense), ...normNames(norm, head.norm), { name: bias, parameters: [head.bias] }]
}

/** A masked language model. */
export const maskedLM = (names: MaskedLMNames): HeadFormat => ({
  suffix: 'ForMaskedLM',
  pooled: false,
  settings: (config) => ({ head: names.head(config) }),
  fields: (model, encoder) => maskedLMFields(model, names.headOf(encoder)),
  weights: (model) => maskedLMWeights(names, model as BertPretraining),
})

const NEXT_SENTENCE = 'cls.seq_relationship'

/** Both heads of BERT's pre-training. */
export const pretraining = (names: MaskedLMNames): HeadFormat => ({
  ...maskedLM(names),
  suffix: 'ForPreTraining',
  pooled: true,
  weights: (model) => [
    ...maskedLMWeights(names, model as BertPretraining),
    ...linearNames(NEXT_SENTENCE, (model as BertPretraining).nextSentence),
  ],
})

export const nextSentence: HeadFormat = {
  ...noHead(true),
  suffix: 'ForNextSentencePrediction',
  weights: (model) => linearNames(NEXT_SENTENCE, (model as BertNextSentence).nextSentence),
}

/** ELECTRA's discriminator. */
export const replacedTokens = (activation: (config: CheckpointConfig) => string): HeadFormat => ({
  suffix: 'ForPreTraining',
  pooled: false,
  settings: (config) => ({ activation: activation(config) }),
  fields: ({ activation: given = 'gelu' }, { feedForward }) =>
    (feedForward as { activation: string }).activation === given ? {} : undefined,
  weights: (model) => [
    ...linearNames('discriminator_predictions.dense', (model as ElectraDiscriminator).dense),
    ...linearNames('discriminator_predictions.dense_prediction', (model as ElectraDiscriminator).output),
  ],
})

/** Key of config.json that holds the dropout of a head. */
export interface DropoutField {
  read(config: CheckpointConfig): number
  /** Fields of config.json; undefined where transformers cannot have this rate. */
  write(rate: number, encoder: Settings): CheckpointConfig | undefined
}

/** Number of labels of a config. */
function numLabelsOf({ id2label, num_labels: number }: CheckpointConfig): number {
  if (typeof id2label === 'object' && id2label !== null) return Object.keys(id2label).length
  return typeof number === 'number' ? number : 2
}

/** Fields with as many labels as a head has. */
function withLabels(numLabels: unknown, fields: CheckpointConfig | undefined): CheckpointConfig | undefined {
  if (fields === undefined) return undefined
  const labels = Array.from({ length: numLabels as number }, (_, i) => `LABEL_${i}`)
  return {
    ...fields,
    id2label: Object.fromEntries(labels.entries()),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
  }
}
