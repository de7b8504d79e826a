import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '../tokenizer.ts'
import { ROLES, type SpecialRole, type TokenizerSettings } from './settings.ts'

export interface WriteFolderOptions {
  /** Largest number of tokens that the model takes (default: the limit of the tokenizer's settings). */
  readonly maxLength?: number | undefined
}

/** Stands for "no limit" in transformers. */
const NO_LIMIT = 1e30

/** Names by which special tokens are known, the most telling first. */
const NAMES: Readonly<Record<SpecialRole, readonly string[]>> = {
  bos: ['<s>', '<bos>', '<sos>', '[BOS]', '<|begin_of_text|>', '<|startoftext|>'],
  eos: ['</s>', '<eos>', '[EOS]', '<|end_of_text|>', '<|endoftext|>'],
  unk: ['<unk>', '[UNK]'],
  sep: ['[SEP]'],
  pad: ['<pad>', '[PAD]', '<|pad|>'],
  cls: ['[CLS]'],
  mask: ['[MASK]', '<mask>'],
}

/** Special tokens by role: those of the tokenizer's settings, and where these name none, added tokens with well-known names. */
export function specialTokensOf(tokenizer: Tokenizer): TokenizerSettings['specialTokens'] {
  const special = new Set(tokenizer.addedTokens().flatMap(([, { content, special }]) => (special ? [content] : [])))
  const given = tokenizer.settings.specialTokens
  return Object.fromEntries(
    ROLES.flatMap((role) => {
      const token = given[role] ?? NAMES[role].find((name) => special.has(name))
      return token === undefined ? [] : [[role, token]]
    }),
  )
}

/**
 * The files of a tokenizer in the layout of transformers, whose PreTrainedTokenizerFast reads them: tokenizer.json,
 * tokenizer_config.json and special_tokens_map.json. A tokenizer of characters is written as BPE without merges, which has the same
 * ids.
 *
 * @throws HeddleError `config` for a tokenizer with parts that Hugging Face's library does not have
 */
export function writeTokenizerFolder(
  tokenizer: Tokenizer,
  { maxLength = tokenizer.settings.maxLength }: WriteFolderOptions = {},
): Map<string, Uint8Array> {
  const { encode_special_tokens: _, ...json } = tokenizer.toJSON() as Record<string, unknown>
  const file = JSON.stringify({ ...json, model: sharedModel(json['model'] as Record<string, unknown>) }, null, 2)
  const own = /"type": "(Joiner|[^"]*\/[^"]*)"/.exec(file)
  if (own !== null) {
    throw new HeddleError(
      'config',
      `writeTokenizerFolder: expected parts that Hugging Face's library has, got '${own[1]}'. Train with other tokens, such as subwords.`,
    )
  }
  const { settings } = tokenizer
  const roles = Object.entries(specialTokensOf(tokenizer)).map(([role, token]) => [`${role}_token`, token])
  const special = {
    ...Object.fromEntries(roles),
    ...(settings.additionalSpecialTokens.length > 0 && { additional_special_tokens: settings.additionalSpecialTokens }),
  }
  const { default: template, ...templates } = settings.chatTemplates
  const named = Object.entries(settings.chatTemplates).map(([name, text]) => ({ name, template: text }))
  const config = {
    ...special,
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: maxLength ?? NO_LIMIT,
    // Most models take no type ids, and GPT-2 would add vectors for them.
    model_input_names: [
      'input_ids',
      ...(/"type_id": [1-9]|"type": "BertProcessing"/.test(file) ? ['token_type_ids'] : []),
      'attention_mask',
    ],
    padding_side: settings.paddingSide,
    truncation_side: settings.truncationSide,
    clean_up_tokenization_spaces: settings.cleanUpTokenizationSpaces,
    ...(named.length > 0 && { chat_template: Object.keys(templates).length === 0 ? template : named }),
  }
  const encoder = new TextEncoder()
  return new Map([
    ['tokenizer.json', encoder.encode(`${file}\n`)],
    ['tokenizer_config.json', encoder.encode(`${JSON.stringify(config, null, 2)}\n`)],
    ['special_tokens_map.json', encoder.encode(`${JSON.stringify(special, null, 2)}\n`)],
  ])
}

/** A model as Hugging Face's library has it. */
function sharedModel(model: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (model['type'] !== 'Char') return model
  return {
    type: 'BPE',
    dropout: null,
    unk_token: model['unk_token'],
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: model['vocab'],
    merges: [],
  }
}
