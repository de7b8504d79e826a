import { HeddleError, type PartSpec, show, suggest } from '@heddle/core'
import type { Module } from '@heddle/layers'
import type { BertEncoder } from '../bert/bert-encoder.ts'
import type { HeadFormat, Settings } from './bert-heads.ts'
import type { Checked, CheckpointConfig, CheckpointFormat } from './checkpoint-format.ts'
import { linearNames, type WeightName } from './weight-names.ts'

/** BERT or one of its relatives. */
export interface BertFamily {
  readonly modelType: string
  /** Start of the names of its classes in transformers: `Bert`. */
  readonly className: string
  /** Type of its encoder, and prefix of the encoder's weights. */
  readonly encoder: string
  /** By model type, that of the class without a head last. */
  readonly heads: Readonly<Record<string, HeadFormat>>
  /** Settings of the encoder but its pooling. */
  readEncoder(config: CheckpointConfig): Settings & { readonly vocabSize: number }
  /** Settings of an encoder with defaults filled in. */
  parseEncoder(settings: Settings): Checked<Settings>
  writeEncoder(settings: Settings, vocabSize: number): CheckpointConfig
  /** Names below the prefix. */
  encoderWeights(encoder: BertEncoder): readonly WeightName[]
  /** Present name of a head's tensor under another; undefined for tensors that are tied or not weights. */
  presentHeadName(name: string): string | undefined
}

/** The format of a family: trunk and heads put together. */
export function bertFamilyFormat(family: BertFamily): CheckpointFormat {
  const { modelType, className, encoder: type, heads } = family
  const trunk = `${type}.`
  const isTrunk = (name: string) => /^(embeddings|embeddings_project|encoder|transformer|pooler)\./.test(name)

  return {
    modelType,

    readConfig(config, as) {
      const model = as?.type ?? modelOf(family, config)
      const head = headOf(family, model)
      const { vocabSize, ...encoder } = family.readEncoder(config)
      const { type: _, encoder: given, ...settings } = (as ?? {}) as Settings & { readonly encoder?: object }
      const pooling = head.pooled ? 'pooler' : 'first'
      return {
        type: model,
        input: { vocabSize },
        ...head.settings(config),
        ...settings,
        encoder: { type, ...encoder, pooling, ...given },
      }
    },

    writeConfig({ type: model, ...settings }) {
      const head = heads[model]
      const { encoder, input } = settings as { encoder?: string | PartSpec; input?: { vocabSize?: number } }
      const { type: encoderType, ...given } =
        typeof encoder === 'string' ? { type: encoder } : (encoder ?? { type: '' })
      if (head === undefined || encoderType !== type || input?.vocabSize === undefined) return undefined
      const checked = family.parseEncoder(given)
      if ('differences' in checked) return { differences: checked.differences.map((each) => `encoder.${each}`) }
      const { data: parsed } = checked
      const { pooling } = parsed
      if ((pooling === 'pooler') !== head.pooled && head.ofTokens !== true) {
        const expected = head.pooled ? "'pooler'" : "another than 'pooler'"
        return { differences: [`encoder.pooling: expected ${expected}, got ${show(pooling)}`] }
      }
      const fields = head.fields(settings, parsed)
      if (fields === undefined) return { differences: ['dropout, activation or hidden layer of the head'] }
      const data = {
        architectures: [`${className}${head.suffix}`],
        model_type: modelType,
        dtype: 'float32',
        ...family.writeEncoder(parsed, input.vocabSize),
        ...fields,
        tie_word_embeddings: true,
      }
      return { data }
    },

    weights(model, spec) {
      const { encoder } = model as Module & { readonly encoder: BertEncoder }
      // transformers saves an encoder alone without its prefix.
      const prefix = spec.type === 'encoder' ? '' : trunk
      const below = ({ name, ...rest }: WeightName): WeightName => ({ name: `${prefix}${name}`, ...rest })
      const head = headOf(family, spec.type)
      const { pooler: given } = head.ofTokens === true ? {} : encoder
      const pooler = given === undefined ? [] : linearNames('pooler.dense', given.dense).map(optional)
      return [...family.encoderWeights(encoder).map(below), ...pooler.map(below), ...head.weights(model).map(optional)]
    },

    presentName(saved, spec) {
      const name = saved.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias')
      if (/embeddings\.(position_ids|token_type_ids)$/.test(name)) return undefined
      const bare = name.startsWith(trunk) ? name.slice(trunk.length) : name
      if (isTrunk(bare)) return spec.type === 'encoder' ? bare : `${trunk}${bare}`
      return family.presentHeadName(name)
    },

    isOfOtherHead(name) {
      return OTHER_HEADS.test(name)
    },
  }
}

const OTHER_HEADS =
  /^(cls|classifier|pre_classifier|qa_outputs|lm_head|vocab_transform|vocab_layer_norm|vocab_projector|generator_predictions|generator_lm_head|discriminator_predictions)\.|^(\w+\.)?pooler\./

const optional = (weight: WeightName): WeightName => ({ ...weight, optional: true })

/** Type of the model that config.json names; the encoder alone where it names none. */
function modelOf({ className, heads, modelType }: BertFamily, { architectures }: CheckpointConfig): string {
  const [name] = (architectures ?? [`${className}Model`]) as readonly string[]
  const found = Object.entries(heads).find(([, { suffix }]) => `${className}${suffix}` === name)
  if (found !== undefined) return found[0]
  const known = Object.values(heads).map(({ suffix }) => `${className}${suffix}`)
  throw new HeddleError(
    'format',
    `config.json of a ${modelType} model: expected an architecture that Heddle has, got ${JSON.stringify(name)}. ${suggest(String(name), known)}`,
  )
}

function headOf({ heads, modelType }: BertFamily, model: string): HeadFormat {
  const head = heads[model]
  if (head !== undefined) return head
  throw new HeddleError(
    'config',
    `Checkpoint of a ${modelType} model: expected a model that has such an encoder, got '${model}'. ${suggest(model, Object.keys(heads))}`,
  )
}
