import type { TypesByKey } from './tolerant-part.ts'

// Types of the parts of older tokenizer.json files, which do not name them.

export const NORMALIZERS: TypesByKey = [
  ['normalizers', 'Sequence'],
  ['clean_text', 'BertNormalizer'],
  ['handle_chinese_chars', 'BertNormalizer'],
  ['strip_left', 'Strip'],
  ['strip_right', 'Strip'],
  ['precompiled_charsmap', 'Precompiled'],
  ['pattern', 'Replace'],
  ['prepend', 'Prepend'],
]

export const PRE_TOKENIZERS: TypesByKey = [
  ['pretokenizers', 'Sequence'],
  ['delimiter', 'CharDelimiterSplit'],
  ['replacement', 'Metaspace'],
  ['pattern', 'Split'],
  ['individual_digits', 'Digits'],
  ['behavior', 'Punctuation'],
  ['length', 'FixedLength'],
  ['add_prefix_space', 'ByteLevel'],
  ['trim_offsets', 'ByteLevel'],
]

const POST_PROCESSORS: TypesByKey = [
  ['processors', 'Sequence'],
  ['single', 'TemplateProcessing'],
  ['sep', 'BertProcessing'],
  ['add_prefix_space', 'ByteLevel'],
  ['trim_offsets', 'ByteLevel'],
]
const ROBERTA: TypesByKey = [
  ['add_prefix_space', 'RobertaProcessing'],
  ['trim_offsets', 'RobertaProcessing'],
]

/** The types of post-processors; a part with a class token is that of RoBERTa if it has the flags of byte-level tokens. */
export function postProcessorTypes(processor: Readonly<Record<string, unknown>> | null | undefined): TypesByKey {
  return processor && 'cls' in processor ? [...ROBERTA, ...POST_PROCESSORS] : POST_PROCESSORS
}

export const DECODERS: TypesByKey = [
  ['decoders', 'Sequence'],
  ['suffix', 'BPEDecoder'],
  ['prefix', 'WordPiece'],
  ['replacement', 'Metaspace'],
  ['pad_token', 'CTC'],
  ['pattern', 'Replace'],
  ['start', 'Strip'],
  ['add_prefix_space', 'ByteLevel'],
  ['trim_offsets', 'ByteLevel'],
]

export const MODELS: TypesByKey = [
  ['merges', 'BPE'],
  ['unk_id', 'Unigram'],
  ['continuing_subword_prefix', 'WordPiece'],
  ['max_input_chars_per_word', 'WordPiece'],
  ['vocab', 'WordLevel'],
]

/** A model with its type: a vocabulary that is a list of pieces with scores is one of Unigram. */
export function withModelType(model: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return model['type'] === undefined && Array.isArray(model['vocab']) ? { ...model, type: 'Unigram' } : model
}
