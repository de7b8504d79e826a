import { createRegistry, type ExtensionPoint, HeddleError, parseConfig, type Registry, show } from '@heddle/core'
import * as schema from './config/schema.ts'
import type { Padding } from './encoding/padding.ts'
import type { Truncation } from './encoding/truncation.ts'
import { tokenizerParts } from './parts.ts'
import {
  DECODERS,
  MODELS,
  NORMALIZERS,
  PRE_TOKENIZERS,
  postProcessorTypes,
  withModelType,
} from './pipeline/part-types.ts'
import {
  decoderPoint,
  type Model,
  normalizerPoint,
  type PartContext,
  postProcessorPoint,
  preTokenizerPoint,
  tokenizerModelPoint,
} from './pipeline/points.ts'
import { type TypesByKey, tolerantPart } from './pipeline/tolerant-part.ts'
import { MAX_ID } from './pipeline/vocabulary.ts'
import type { AddedToken } from './text/added-token.ts'
import type { TokenizerParts } from './tokenizer-options.ts'

/** The longest padding: a damaged file would otherwise exhaust memory. */
const MOST_PADDING = 2 ** 24

const part = schema.record(schema.unknown()).nullish()

const truncationJson = schema.looseObject({
  direction: schema.oneOf('Right', 'Left').default('Right'),
  max_length: schema.integer(0),
  strategy: schema.oneOf('LongestFirst', 'OnlyFirst', 'OnlySecond').default('LongestFirst'),
  stride: schema.integer(0).default(0),
})

const paddingJson = schema.looseObject({
  strategy: schema.union(schema.oneOf('BatchLongest'), schema.object({ Fixed: schema.integer(0, MOST_PADDING) })),
  direction: schema.oneOf('Right', 'Left').default('Right'),
  pad_to_multiple_of: schema.integer(0, MOST_PADDING).nullable().default(null),
  pad_id: schema.integer(0, MAX_ID).default(0),
  pad_type_id: schema.integer(0, MAX_ID).default(0),
  pad_token: schema.string().default('[PAD]'),
})

const flag = schema.boolean().nullish()

const addedTokenJson = schema.looseObject({
  id: schema.integer(0, MAX_ID),
  content: schema.string({ minLength: 1 }),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
})

const tokenizerJson = schema.looseObject({
  version: schema.oneOf('1.0').optional(),
  // Not of the Rust library, which ignores it.
  encode_special_tokens: schema.boolean().default(false),
  truncation: truncationJson.nullish(),
  padding: paddingJson.nullish(),
  added_tokens: schema.array(addedTokenJson).nullish(),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: part,
  decoder: part,
  model: schema.looseObject({ type: schema.string().nullish() }),
})

const STRATEGIES = { LongestFirst: 'longest_first', OnlyFirst: 'only_first', OnlySecond: 'only_second' } as const

/** Registry of parts, and handling of content that is read but not used. */
export interface ReadOptions {
  /** Registry of parts by `type`. Default: the parts of this package. */
  readonly registry?: Registry | undefined
  /** Takes a message for each unknown key and each id that is not used. Default `console.warn`. */
  readonly onWarning?: ((message: string) => void) | undefined
}

/**
 * Reads the parts of a tokenizer from tokenizer.json.
 *
 * @throws HeddleError `format`, naming the place, if the text is not such a file; `unknown-name` or `config` for its parts
 */
export function readTokenizerJson(json: unknown, options: ReadOptions = {}): TokenizerParts {
  const registry = options.registry ?? createRegistry({ name: '@heddle/tokenizer', contributes: tokenizerParts })
  const warn = options.onWarning ?? ((message: string) => console.warn(message))
  const file = parsed(json)
  const context = { registry }
  const create = <T>(
    point: ExtensionPoint<T, PartContext>,
    place: string,
    spec: Readonly<Record<string, unknown>> | null | undefined,
    types: TypesByKey,
  ): T | undefined => {
    if (spec === null || spec === undefined) return undefined
    try {
      return registry.create(point, tolerantPart(registry, point, spec, types, place, warn), context)
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error
      throw new HeddleError(error.code, `tokenizer.json, ${place}: ${error.message}`, { cause: error })
    }
  }
  const { truncation, padding, post_processor: processor } = file
  const tokens = file.added_tokens ?? []
  warnOfKeys(warn, 'truncation', truncation, ['direction', 'max_length', 'strategy', 'stride'])
  warnOfKeys(warn, 'padding', padding, Object.keys(writePadding(NO_PADDING)))
  for (const [i, token] of tokens.entries())
    warnOfKeys(warn, `added_tokens[${i}]`, token, Object.keys(addedTokenJson.json.properties!))
  const normalizer = create(normalizerPoint, 'normalizer', file.normalizer, NORMALIZERS)
  const preTokenizer = create(preTokenizerPoint, 'pre_tokenizer', file.pre_tokenizer, PRE_TOKENIZERS)
  const model = create(tokenizerModelPoint, 'model', withModelType(file.model), MODELS)!
  return {
    encodeSpecialTokens: file.encode_special_tokens,
    normalizer,
    preTokenizer,
    postProcessor: create(postProcessorPoint, 'post_processor', processor, postProcessorTypes(processor)),
    decoder: create(decoderPoint, 'decoder', file.decoder, DECODERS),
    model,
    addedTokens: withIds(
      tokens.map(({ id, content, single_word, lstrip, rstrip, normalized, special }) => ({
        id,
        content,
        singleWord: single_word ?? false,
        lstrip: lstrip ?? false,
        rstrip: rstrip ?? false,
        normalized: normalized ?? true,
        special: special ?? false,
      })),
      model,
      warn,
    ),
    truncation: truncation
      ? {
          maxLength: truncation.max_length,
          stride: truncation.stride,
          strategy: STRATEGIES[truncation.strategy],
          direction: truncation.direction === 'Right' ? 'right' : 'left',
        }
      : undefined,
    padding: padding
      ? {
          strategy: padding.strategy === 'BatchLongest' ? 'batch_longest' : { fixed: padding.strategy.Fixed },
          direction: padding.direction === 'Right' ? 'right' : 'left',
          padToMultipleOf: padding.pad_to_multiple_of,
          padId: padding.pad_id,
          padTypeId: padding.pad_type_id,
          padToken: padding.pad_token,
        }
      : undefined,
  }
}

/**
 * The ids of added tokens. A token of the model keeps the model's id. An id of the file that another token has is not used: the token gets the
 * next free one, as in the Rust library; an id beyond the vocabulary is used as it is, unlike there.
 */
function withIds<T extends { readonly id: number; readonly content: string }>(
  tokens: readonly T[],
  model: Model,
  warn: (message: string) => void,
): T[] {
  const taken = new Map<number, string>()
  const free: T[] = []
  const placed: T[] = []
  const wrong = (token: T, id: string) =>
    warn(
      `tokenizer.json, added_tokens: expected a free id for ${show(token.content)}, got ${token.id}; it has the id ${id} instead.`,
    )
  for (const token of tokens) {
    const own = model.tokenToId(token.content)
    const id = own ?? token.id
    if (own !== undefined && own !== token.id) wrong(token, String(own))
    const other = own === undefined ? (model.idToToken(id) ?? taken.get(id)) : undefined
    if (other !== undefined && other !== token.content) free.push(token)
    else {
      taken.set(id, token.content)
      placed.push({ ...token, id })
    }
  }
  let next = Math.max(model.vocabSize, ...[...taken.keys()].map((id) => id + 1))
  for (const token of free) {
    wrong(token, String(next))
    placed.push({ ...token, id: next++ })
  }
  return placed
}

function warnOfKeys(
  warn: (message: string) => void,
  place: string,
  value: object | null | undefined,
  known: readonly string[],
): void {
  for (const key of Object.keys(value ?? {}))
    if (!known.includes(key)) warn(`tokenizer.json, ${place}: ignores the unknown key ${show(key)}.`)
}

const NO_PADDING: Padding = {
  strategy: 'batch_longest',
  direction: 'right',
  padToMultipleOf: null,
  padId: 0,
  padTypeId: 0,
  padToken: '',
}

function parsed(json: unknown): schema.Output<typeof tokenizerJson> {
  const value = typeof json === 'string' ? parseJson(json) : json
  try {
    return parseConfig('tokenizer.json', tokenizerJson, value)
  } catch (error) {
    throw new HeddleError('format', `${(error as HeddleError).message} Check the file.`, { cause: error })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new HeddleError(
      'format',
      `tokenizer.json: expected JSON, got ${show(text)} (${error instanceof Error ? error.message : error}). Check the file.`,
    )
  }
}

/** The content of tokenizer.json for these parts. */
export function writeTokenizerJson(
  parts: Omit<TokenizerParts, 'addedTokens'> & { addedTokens: readonly (AddedToken & { id: number })[] },
): object {
  return {
    version: '1.0',
    truncation: parts.truncation === undefined ? null : writeTruncation(parts.truncation),
    padding: parts.padding === undefined ? null : writePadding(parts.padding),
    added_tokens: parts.addedTokens.map(({ id, content, singleWord, lstrip, rstrip, normalized, special }) => ({
      id,
      content,
      single_word: singleWord,
      lstrip,
      rstrip,
      normalized,
      special,
    })),
    normalizer: parts.normalizer?.toJSON() ?? null,
    pre_tokenizer: parts.preTokenizer?.toJSON() ?? null,
    post_processor: parts.postProcessor?.toJSON() ?? null,
    decoder: parts.decoder?.toJSON() ?? null,
    model: parts.model.toJSON(),
    ...(parts.encodeSpecialTokens && { encode_special_tokens: true }),
  }
}

function writeTruncation({ direction, maxLength, strategy, stride }: Truncation): schema.Output<typeof truncationJson> {
  const name = (Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[]).find((key) => STRATEGIES[key] === strategy)!
  return { direction: direction === 'right' ? 'Right' : 'Left', max_length: maxLength, strategy: name, stride }
}

function writePadding(padding: Padding): schema.Output<typeof paddingJson> {
  return {
    strategy: padding.strategy === 'batch_longest' ? 'BatchLongest' : { Fixed: padding.strategy.fixed },
    direction: padding.direction === 'right' ? 'Right' : 'Left',
    pad_to_multiple_of: padding.padToMultipleOf,
    pad_id: padding.padId,
    pad_type_id: padding.padTypeId,
    pad_token: padding.padToken,
  }
}
