import { Tokenizer, trainCharTokenizer, trainWordTokenizer } from '@heddle/tokenizer'
import { readMergesTxt, readVocabJson, readVocabTxt } from '@heddle/tokenizer/formats'
import fc from 'fast-check'
import { type FuzzTarget, readOrRefused } from '../fuzz.ts'
import { mutatedJson } from '../json-mutations.ts'
import { mutatedText } from '../mutations.ts'

/** A place and a problem: the reader passes on the words of its schemas. */
const MESSAGE = /^.+: .+/s

const TEXT = 'the loom, 가나 😀 <unk> ABC 12'

const common = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    { id: 0, content: '<unk>', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  ],
  decoder: null,
}
const bpe = {
  ...common,
  normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [{ type: 'Whitespace' }, { type: 'Digits', individual_digits: true }],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<unk>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '<unk>': { id: '<unk>', ids: [0], tokens: ['<unk>'] } },
  },
  decoder: { type: 'BPEDecoder', suffix: '</w>' },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: '<unk>',
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: { '<unk>': 0, t: 1, h: 2, e: 3, th: 4, the: 5 },
    merges: [
      ['t', 'h'],
      ['th', 'e'],
    ],
  },
}
const wordPiece = {
  ...common,
  truncation: { direction: 'Right', max_length: 8, strategy: 'LongestFirst', stride: 0 },
  padding: {
    strategy: { Fixed: 4 },
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: '<unk>',
  },
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '<unk>',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '<unk>': 0, the: 1, '##t': 2 },
  },
}
const unigram = {
  ...common,
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
  pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
  post_processor: null,
  decoder: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 0,
    byte_fallback: false,
    vocab: [
      ['<unk>', 0],
      ['\u2581', -2],
      ['t', -3],
      ['he', -3.5],
    ],
  },
}
const trained = [trainCharTokenizer(['abc'], { specialTokens: ['<unk>'] }), trainWordTokenizer(['the loom'])].map(
  (tokenizer) => tokenizer.toJSON() as unknown,
)

export const tokenizerJsonTarget: FuzzTarget<unknown> = {
  name: 'tokenizer.json',
  inputs: mutatedJson(fc.constantFrom<unknown>(bpe, wordPiece, unigram, ...trained)),
  async check(json) {
    const tokenizer = await readOrRefused(() => Tokenizer.fromJSON(json), MESSAGE)
    if (tokenizer === undefined) return
    const ids = await readOrRefused(() => [...tokenizer.encodeIds(TEXT)])
    if (ids === undefined) return
    if (!ids.every((id) => Number.isInteger(id) && id >= 0)) throw new Error(`got the ids ${ids}`)
    await readOrRefused(() => tokenizer.decode(ids))
  },
}

export const tokenizerTextTarget: FuzzTarget<string> = {
  name: 'tokenizer.json, vocab.txt, vocab.json, merges.txt as text',
  inputs: mutatedText(
    fc.constantFrom(
      JSON.stringify(bpe),
      JSON.stringify(unigram),
      '<unk>\nthe\n##t\n',
      '{"a":0,"b":1}',
      '#version: 0.2\nt h\nth e\n',
    ),
  ),
  async check(text) {
    await readOrRefused(() => Tokenizer.fromJSON(text), MESSAGE)
    await readOrRefused(() => readVocabTxt(text, 'vocab.txt'))
    await readOrRefused(() => readVocabJson(text, 'vocab.json'))
    await readOrRefused(() => readMergesTxt(text, 'merges.txt'))
  },
}
