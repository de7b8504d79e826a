import type { PartSpec } from '@heddle/core'
import { type PostProcessor, postProcessors, preTokenizers } from '@heddle/tokenizer'

/** A pipeline to train: the trainer, its settings, and the parts around the model as they stand in tokenizer.json. */
export interface Preset {
  readonly summary: string
  /** The trainer's name at its extension point. */
  readonly trainer: string
  /** The special tokens, in the order of their ids. */
  readonly specialTokens: readonly string[]
  /** Special tokens that the pipeline needs in any case. */
  readonly neededTokens: readonly string[]
  /** Settings of the trainer that differ from its defaults. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly normalizer?: PartSpec | undefined
  readonly preTokenizer?: PartSpec | undefined
  readonly decoder?: PartSpec | undefined
  readonly postProcessor?: (idOf: (token: string) => number) => PostProcessor
}

const BERT_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
const ROBERTA_TOKENS = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']

const BYTE_LEVEL = {
  trainer: 'BPETrainer',
  settings: { initialAlphabet: preTokenizers.ByteLevel.alphabet() },
  preTokenizer: { type: 'ByteLevel', add_prefix_space: false },
  decoder: { type: 'ByteLevel' },
} as const

const bert = (summary: string, cased: boolean): Preset => ({
  summary,
  trainer: 'WordPieceTrainer',
  specialTokens: BERT_TOKENS,
  neededTokens: BERT_TOKENS,
  // null takes accents off exactly when the case goes.
  normalizer: { type: 'BertNormalizer', lowercase: !cased, strip_accents: null },
  preTokenizer: { type: 'BertPreTokenizer' },
  decoder: { type: 'WordPiece' },
  postProcessor: (idOf) =>
    new postProcessors.TemplateProcessing({
      single: '[CLS] $A [SEP]',
      pair: '[CLS] $A [SEP] $B:1 [SEP]:1',
      specialTokens: { '[CLS]': idOf('[CLS]'), '[SEP]': idOf('[SEP]') },
    }),
})

const UNIGRAM = {
  trainer: 'UnigramTrainer',
  settings: { unkToken: '<unk>' },
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'NFKC' }, { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }],
  },
  preTokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always' },
  decoder: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always' },
} as const

/** The pipelines of well-known models, for --preset. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  bert: bert('WordPiece in lower case and without accents, as bert-base-uncased; takes Hangul syllables apart', false),
  'bert-cased': bert('WordPiece of the text as it stands, as bert-base-cased; right for Korean', true),
  gpt2: {
    ...BYTE_LEVEL,
    summary: 'byte-level BPE, as GPT-2',
    specialTokens: ['<|endoftext|>'],
    neededTokens: [],
    postProcessor: () => new postProcessors.ByteLevel({ addPrefixSpace: true, trimOffsets: false }),
  },
  roberta: {
    ...BYTE_LEVEL,
    summary: 'byte-level BPE with <s> … </s>, as RoBERTa',
    specialTokens: ROBERTA_TOKENS,
    neededTokens: ROBERTA_TOKENS,
    postProcessor: (idOf) =>
      new postProcessors.RobertaProcessing({
        cls: ['<s>', idOf('<s>')],
        sep: ['</s>', idOf('</s>')],
        addPrefixSpace: false,
      }),
  },
  t5: {
    ...UNIGRAM,
    summary: 'Unigram with </s> at the end, as T5',
    specialTokens: ['<pad>', '</s>', '<unk>'],
    neededTokens: ['</s>', '<unk>'],
    postProcessor: (idOf) =>
      new postProcessors.TemplateProcessing({
        single: '$A </s>',
        pair: '$A </s> $B </s>',
        specialTokens: { '</s>': idOf('</s>') },
      }),
  },
}

/** The pipelines of --model alone: the usual one of the trainer, and no tokens around the text. */
const PLAIN: readonly Preset[] = [
  { ...BYTE_LEVEL, summary: 'byte-level BPE', specialTokens: [], neededTokens: [] },
  {
    summary: 'WordPiece of the text as it stands',
    trainer: 'WordPieceTrainer',
    specialTokens: ['[UNK]'],
    neededTokens: ['[UNK]'],
    normalizer: { type: 'BertNormalizer', lowercase: false, strip_accents: false },
    preTokenizer: { type: 'BertPreTokenizer' },
    decoder: { type: 'WordPiece' },
  },
  { ...UNIGRAM, summary: 'Unigram', specialTokens: ['<unk>'], neededTokens: ['<unk>'] },
  {
    summary: 'words and punctuation marks',
    trainer: 'WordLevelTrainer',
    specialTokens: ['<pad>', '<unk>', '<sos>', '<eos>'],
    neededTokens: ['<unk>'],
    normalizer: { type: 'NFC' },
    preTokenizer: { type: 'Joiner' },
    decoder: { type: 'Joiner' },
  },
  {
    summary: 'single characters',
    trainer: 'CharTrainer',
    specialTokens: ['<unk>'],
    neededTokens: ['<unk>'],
    settings: { unkToken: '<unk>' },
    decoder: { type: 'Fuse' },
  },
]

/** The usual pipeline of a trainer; of one that a plugin brings, the bare model. */
export const plainPreset = (trainer: string): Preset =>
  PLAIN.find((preset) => preset.trainer === trainer) ?? {
    summary: trainer,
    trainer,
    specialTokens: [],
    neededTokens: [],
  }
