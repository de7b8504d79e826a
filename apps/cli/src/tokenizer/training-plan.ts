import { HeddleError, type PartSpec, type Registry, show, suggest } from '@heddle/core'
import { decoderPoint } from '@heddle/tokenizer'
import { PRESETS, type Preset, plainPreset } from './presets.ts'
import { modelNameOf, trainerOf } from './trainer-options.ts'

/** The presets' names for unknown text. */
const UNKNOWN = ['<unk>', '[UNK]']

/** The options that shape the pipeline. */
export interface PipelineOptions {
  readonly model?: string
  readonly preset?: string
  /** Parts in the place of the preset's: a name, or the JSON of tokenizer.json. */
  readonly normalizer?: string
  readonly preTokenizer?: string
  readonly decoder?: string
}

/** @throws HeddleError `usage` or `unknown-name` when the options name no pipeline, or two different ones */
export function planTraining(options: PipelineOptions, registry: Registry): Preset {
  return withParts(presetOf(options, registry), options, registry)
}

function presetOf({ model, preset: name }: PipelineOptions, registry: Registry): Preset {
  const trainer = model === undefined ? undefined : trainerOf(registry, model)
  if (name === undefined) {
    if (trainer !== undefined) return plainPreset(trainer)
    throw new HeddleError(
      'usage',
      'tokenizer train: expected --model or --preset, got neither. Write --model bpe, or --preset bert.',
    )
  }
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined
  if (preset === undefined) {
    throw new HeddleError(
      'unknown-name',
      `--preset: expected a known pipeline, got ${show(name)}. ${suggest(name, Object.keys(PRESETS))}`,
    )
  }
  if (trainer !== undefined && trainer !== preset.trainer) {
    throw new HeddleError(
      'usage',
      `--model: expected ${modelNameOf(preset.trainer)}, which the preset ${name} has, got ${show(model)}. Leave one of the two out.`,
    )
  }
  return preset
}

// Another pre-tokenizer brings the decoder of its name along, and without bytes BPE needs a token for unknown characters.
function withParts(preset: Preset, options: PipelineOptions, registry: Registry): Preset {
  let { normalizer, preTokenizer, decoder } = preset
  if (options.normalizer !== undefined) normalizer = partSpec('--normalizer', options.normalizer)
  if (options.preTokenizer !== undefined) {
    const wasPair = decoder?.type === preTokenizer?.type
    preTokenizer = partSpec('--pre-tokenizer', options.preTokenizer)
    const isPair = registry.list(decoderPoint).some(({ name }) => name === preTokenizer?.type)
    if (isPair) decoder = preTokenizer
    else if (wasPair) decoder = undefined
  }
  if (options.decoder !== undefined) decoder = partSpec('--decoder', options.decoder)
  const changed = { ...preset, normalizer, preTokenizer, decoder }
  const rewritesBytes = options.preTokenizer !== undefined && preset.trainer === 'BPETrainer'
  return rewritesBytes ? bytesOrUnknown(changed) : changed
}

function bytesOrUnknown(preset: Preset): Preset {
  if (preset.preTokenizer?.type === 'ByteLevel') return preset
  const withUnknown = (tokens: readonly string[]) => (tokens.includes('<unk>') ? tokens : ['<unk>', ...tokens])
  return {
    ...preset,
    settings: { unkToken: '<unk>' },
    specialTokens: withUnknown(preset.specialTokens),
    neededTokens: withUnknown(preset.neededTokens),
  }
}

/** A part by its name, or as the JSON that stands in tokenizer.json; undefined for `none`. */
function partSpec(flag: string, text: string): PartSpec | undefined {
  if (text === 'none') return undefined
  if (!text.trimStart().startsWith('{')) return { type: text }
  try {
    const value = JSON.parse(text) as PartSpec
    if (typeof value.type === 'string') return value
  } catch {
    // Told below, with the text.
  }
  throw new HeddleError(
    'usage',
    `${flag}: expected a name or JSON with a type, got ${show(text)}. Write ${flag} NFKC, or '{"type":"NFKC"}'.`,
  )
}

/**
 * The special tokens in the order of their ids: the preset's, or the ones that are asked for, after those that the pipeline needs and that
 * are not among them.
 */
export function specialTokensOf(preset: Preset, settings: Readonly<Record<string, unknown>>): string[] {
  const asked = settings['specialTokens'] as readonly string[] | undefined
  const unknown = settings['unkToken'] as string | null | undefined
  // The name that is asked for stands in the place of the preset's own; with null there is none.
  const renamed = (token: string) =>
    unknown !== undefined && UNKNOWN.includes(token) ? (unknown === null ? [] : [unknown]) : [token]
  const needed = preset.neededTokens.flatMap(renamed)
  if (typeof unknown === 'string') needed.push(unknown)
  const tokens = asked ?? preset.specialTokens.flatMap(renamed)
  return [...new Set([...needed.filter((token) => !tokens.includes(token)), ...tokens])]
}
