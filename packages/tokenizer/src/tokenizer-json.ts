import { createRegistry, HeddleError, type PartSpec, type Registry, show } from '@heddle/core'
import * as z from 'zod'
import type { Padding } from './encoding/padding.ts'
import type { Truncation } from './encoding/truncation.ts'
import {
  decoderPoint,
  normalizerPoint,
  postProcessorPoint,
  preTokenizerPoint,
  tokenizerModelPoint,
} from './pipeline/points.ts'
import { tokenizerPlugin } from './plugin.ts'
import type { AddedToken } from './text/added-token.ts'
import type { TokenizerParts } from './tokenizer.ts'

const part = z.looseObject({ type: z.string() }).nullish()

const truncationJson = z.strictObject({
  direction: z.enum(['Right', 'Left']).default('Right'),
  max_length: z.int().min(0),
  strategy: z.enum(['LongestFirst', 'OnlyFirst', 'OnlySecond']),
  stride: z.int().min(0),
})

const paddingJson = z.strictObject({
  strategy: z.union([z.literal('BatchLongest'), z.strictObject({ Fixed: z.int().min(0) })]),
  direction: z.enum(['Right', 'Left']),
  pad_to_multiple_of: z.int().min(0).nullable().default(null),
  pad_id: z.int().min(0),
  pad_type_id: z.int().min(0),
  pad_token: z.string(),
})

const addedTokenJson = z.strictObject({
  id: z.int().min(0),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(true),
  special: z.boolean().default(false),
})

const tokenizerJson = z.looseObject({
  version: z.literal('1.0').optional(),
  truncation: truncationJson.nullish(),
  padding: paddingJson.nullish(),
  added_tokens: z.array(addedTokenJson).default([]),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: part,
  decoder: part,
  model: z.looseObject({ type: z.string().optional() }),
})

const STRATEGIES = { LongestFirst: 'longest_first', OnlyFirst: 'only_first', OnlySecond: 'only_second' } as const

/**
 * Reads the parts of a tokenizer from tokenizer.json.
 *
 * @throws HeddleError `format`, naming the place, for what is not such a file; `unknown-name` or `config` for its parts
 */
export function readTokenizerJson(json: unknown, registry: Registry = createRegistry(tokenizerPlugin)): TokenizerParts {
  const result = tokenizerJson.safeParse(typeof json === 'string' ? parseJson(json) : json)
  if (!result.success) {
    const lines = result.error.issues.map(
      ({ path, message }) => `${path.length > 0 ? `'${path.join('.')}': ` : ''}${message}`,
    )
    throw new HeddleError('format', `tokenizer.json: ${lines.slice(0, 8).join('. ')}. Check the file.`)
  }
  const file = result.data
  const context = { registry }
  const at = <T>(place: string, create: () => T): T => {
    try {
      return create()
    } catch (error) {
      if (!(error instanceof HeddleError)) throw error
      throw new HeddleError(error.code, `tokenizer.json, ${place}: ${error.message}`, { cause: error })
    }
  }
  const {
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: postProcessor,
    decoder,
    model,
    truncation,
    padding,
  } = file
  return {
    normalizer: normalizer ? at('normalizer', () => registry.create(normalizerPoint, normalizer, context)) : undefined,
    preTokenizer: preTokenizer
      ? at('pre_tokenizer', () => registry.create(preTokenizerPoint, preTokenizer, context))
      : undefined,
    postProcessor: postProcessor
      ? at('post_processor', () => registry.create(postProcessorPoint, postProcessor, context))
      : undefined,
    decoder: decoder ? at('decoder', () => registry.create(decoderPoint, decoder, context)) : undefined,
    model: at('model', () => registry.create(tokenizerModelPoint, typedModel(model), context)),
    addedTokens: file.added_tokens.map(({ single_word: singleWord, ...token }): AddedToken & { id: number } => ({
      ...token,
      singleWord,
    })),
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

// The first versions do not name the model's type; its keys do.
function typedModel(model: { type?: string | undefined; [key: string]: unknown }): PartSpec {
  if (model.type !== undefined) return { ...model, type: model.type }
  const type =
    'merges' in model
      ? 'BPE'
      : Array.isArray(model['vocab'])
        ? 'Unigram'
        : 'continuing_subword_prefix' in model
          ? 'WordPiece'
          : 'WordLevel'
  return { ...model, type }
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
  }
}

function writeTruncation({ direction, maxLength, strategy, stride }: Truncation): z.input<typeof truncationJson> {
  const name = (Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[]).find((key) => STRATEGIES[key] === strategy)!
  return { direction: direction === 'right' ? 'Right' : 'Left', max_length: maxLength, strategy: name, stride }
}

function writePadding(padding: Padding): z.input<typeof paddingJson> {
  return {
    strategy: padding.strategy === 'batch_longest' ? 'BatchLongest' : { Fixed: padding.strategy.fixed },
    direction: padding.direction === 'right' ? 'Right' : 'Left',
    pad_to_multiple_of: padding.padToMultipleOf,
    pad_id: padding.padId,
    pad_type_id: padding.padTypeId,
    pad_token: padding.padToken,
  }
}
