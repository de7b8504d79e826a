import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import type { RowTokens } from '../examples/instance.ts'
import type { MaskingVocabulary } from '../masking/mask-tokens.ts'

/** Tokens and ids of a tokenizer that masking and rows use. */
export interface BertVocabulary extends MaskingVocabulary, RowTokens {
  readonly padId: number
}

/** Names of the special tokens, of BERT and of RoBERTa. */
const NAMES = {
  pad: ['[PAD]', '<pad>'],
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
} as const

/** @throws HeddleError `config` for a tokenizer without `[PAD]`, `[CLS]`, `[SEP]` or `[MASK]` */
export function bertVocabulary(tokenizer: Tokenizer): BertVocabulary {
  const idOf = (role: keyof typeof NAMES) => {
    const id =
      tokenizer.specialId(role) ??
      NAMES[role].map((name) => tokenizer.tokenToId(name)).find((each) => each !== undefined)
    if (id !== undefined) return id
    throw new HeddleError(
      'config',
      `masked language model: expected a tokenizer with ${NAMES[role].join(' or ')}, got one without. Use the tokenizer of a BERT.`,
    )
  }
  const ids = Array.from({ length: tokenizer.vocabSize }, (_, id) => id)
  const tokens = ids.map((id) => tokenizer.idToToken(id))
  const isContinuation = tokens.map((token) => token?.startsWith('##') === true)
  return {
    padId: idOf('pad'),
    clsId: idOf('cls'),
    sepId: idOf('sep'),
    maskId: idOf('mask'),
    replacements: ids.filter((id) => tokens[id] !== undefined && !tokenizer.isSpecial(id)),
    isSpecial: (id) => tokenizer.isSpecial(id),
    isContinuation: (id) => isContinuation[id] === true,
  }
}
