import { HeddleError, type JsonSchema, jsonSchemaOf, type Registry, show, suggest } from '@heddle/core'
import { trainerPoint } from '@heddle/tokenizer'
import { Option } from 'commander'

/** Names that users know better than the trainers'. */
const COMMON_NAMES: Readonly<Record<string, string>> = { WordLevelTrainer: 'word' }

/** The name of a trainer for --model: `bpe` for BPETrainer; a third party's keeps its scope. */
export const modelNameOf = (trainer: string): string =>
  COMMON_NAMES[trainer] ?? trainer.replace(/Trainer$/, '').toLowerCase()

/** The name of the trainer that --model means. @throws HeddleError `unknown-name` */
export function trainerOf(registry: Registry, model: string): string {
  const names = registry.list(trainerPoint).map(({ name }) => name)
  const wanted = model.toLowerCase()
  const found = names.find(
    (name) =>
      modelNameOf(name) === wanted || name.toLowerCase() === wanted || name.toLowerCase() === `${wanted}trainer`,
  )
  if (found !== undefined) return found
  throw new HeddleError(
    'unknown-name',
    `--model: expected a model that can be trained, got ${show(model)}. ${suggest(model, names.map(modelNameOf))}`,
  )
}

const fieldsOf = (registry: Registry, trainer: string): Readonly<Record<string, JsonSchema>> =>
  jsonSchemaOf(registry.get(trainerPoint, trainer).config).properties ?? {}

/** A command-line option for each setting that some trainer has, named after it: vocabSize becomes --vocab-size. */
export function trainerOptions(registry: Registry, taken: ReadonlySet<string>): Option[] {
  const trainers = registry.list(trainerPoint).map(({ name }) => name)
  // A setting may have different meanings for different trainers: the models by meaning.
  const settings = new Map<string, { field: JsonSchema; meanings: Map<string, string[]> }>()
  for (const name of trainers) {
    for (const [key, field] of Object.entries(fieldsOf(registry, name))) {
      if (taken.has(key)) continue
      const setting = settings.get(key) ?? { field, meanings: new Map<string, string[]>() }
      settings.set(key, setting)
      const meaning = field.description ?? key
      setting.meanings.set(meaning, [...(setting.meanings.get(meaning) ?? []), modelNameOf(name)])
    }
  }
  return [...settings].map(([key, { field, meanings }]) => {
    const description = [...meanings].map(([meaning, models]) =>
      models.length === trainers.length ? meaning : `${meaning} (${models.join(', ')})`,
    )
    return optionFor(key, field, description.join('; '))
  })
}

const typesOf = (field: JsonSchema) => (field.anyOf ?? field.oneOf ?? [field]).flatMap(({ type }) => type ?? [])

/** The command-line flag of a setting. */
const flagOf = (key: string) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

function optionFor(key: string, field: JsonSchema, description: string): Option {
  const flag = flagOf(key)
  const types = typesOf(field)
  if (types.includes('array')) {
    return new Option(`${key === 'specialTokens' ? '--special, ' : ''}${flag} <values...>`, description)
  }
  if (types.includes('boolean')) return new Option(field.default === true ? `--no-${flag.slice(2)}` : flag, description)
  const option = new Option(`${flag} <value>`, description)
  const isNullable = types.includes('null')
  if (types.includes('integer') || types.includes('number')) {
    const kind = types.includes('number') ? 'number' : 'whole number'
    option.argParser((text) => {
      // Becomes null where the settings are read: here the option would become an empty text.
      if (isNullable && text === 'null') return text
      const value = Number(text)
      if (text.trim() === '' || !Number.isFinite(value) || (kind !== 'number' && !Number.isInteger(value))) {
        throw new HeddleError('usage', `${flag}: expected a ${kind}, got ${show(text)}. It is ${description}.`)
      }
      return value
    })
  }
  return option
}

/**
 * The settings among the options of the command line that were given.
 *
 * @param given whether an option stands on the command line
 * @throws HeddleError `usage` for a setting of other trainers
 */
export function trainerSettings(
  registry: Registry,
  trainer: string,
  options: Readonly<Record<string, unknown>>,
  given: (key: string) => boolean,
): Record<string, unknown> {
  const own = fieldsOf(registry, trainer)
  const settings: Record<string, unknown> = {}
  const keys = new Set(registry.list(trainerPoint).flatMap(({ name }) => Object.keys(fieldsOf(registry, name))))
  for (const key of keys) {
    if (!given(key)) continue
    if (!Object.hasOwn(own, key)) {
      throw new HeddleError(
        'usage',
        `${flagOf(key)}: expected a setting of the model ${modelNameOf(trainer)}, got one that it does not have. Leave it out; it has ${Object.keys(own).map(flagOf).join(', ')}.`,
      )
    }
    settings[key] = options[key] === 'null' && typesOf(own[key]!).includes('null') ? null : options[key]
  }
  return settings
}
