import { HeddleError } from '@heddle/core'
import { marianTokenizer } from '../formats/marian.ts'
import { gpt2Tokenizer, robertaTokenizer } from '../formats/merges-txt.ts'
import { sentencePieceTokenizer } from '../formats/sentence-piece.ts'
import { tiktokenTokenizer } from '../formats/tiktoken.ts'
import { bertTokenizer } from '../formats/vocab-txt.ts'
import { Tokenizer } from '../tokenizer.ts'
import type { ReadOptions } from '../tokenizer-json.ts'
import { type Folder, readText } from './folder.ts'
import { readSettings } from './read-settings.ts'
import { ROLES, type TokenizerSettings } from './settings.ts'

const MERGES_PAIRS = [
  ['vocab.json', 'merges.txt'],
  ['encoder.json', 'vocab.bpe'],
] as const
const SENTENCE_PIECE_FILES = ['tokenizer.model', 'spiece.model', 'sentencepiece.bpe.model', 'spm.model', 'source.spm']
const TIKTOKEN_FILES = [
  'cl100k_base.tiktoken',
  'o200k_base.tiktoken',
  'p50k_base.tiktoken',
  'r50k_base.tiktoken',
  'qwen.tiktoken',
  'tokenizer.tiktoken',
]

export interface ReadFolderOptions extends ReadOptions {
  /** The side whose texts are read, where a folder has a tokenizer for each, as Marian's do. Default source. */
  readonly side?: 'source' | 'target' | undefined
}

/**
 * Reads the tokenizer of a folder in the layout of Hugging Face: tokenizer.json, or the older vocabulary files, with the settings beside it.
 *
 * Special tokens that the settings name and the vocabulary lacks are added to it.
 *
 * @throws HeddleError `file` if the folder has no tokenizer; `format` if a file is malformed
 */
export async function readTokenizerFolder(folder: Folder, options: ReadFolderOptions = {}): Promise<Tokenizer> {
  const settings = await readSettings(folder)
  const tokenizer = await readVocabulary(folder, settings, options)
  tokenizer.settings = settings
  const named = [...ROLES.flatMap((role) => settings.specialTokens[role] ?? []), ...settings.additionalSpecialTokens]
  const missing = [...new Set(named)].filter((token) => tokenizer.tokenToId(token) === undefined)
  if (missing.length > 0) tokenizer.addSpecialTokens(missing)
  return tokenizer
}

async function readVocabulary(
  folder: Folder,
  settings: TokenizerSettings,
  options: ReadFolderOptions,
): Promise<Tokenizer> {
  const json = await readText(folder, 'tokenizer.json')
  if (json !== undefined) return Tokenizer.fromJSON(json, options)
  for (const [vocabularyFile, mergesFile] of MERGES_PAIRS) {
    const vocabulary = await readText(folder, vocabularyFile)
    const merges = vocabulary === undefined ? undefined : await readText(folder, mergesFile)
    if (vocabulary === undefined || merges === undefined) continue
    // RoBERTa's vocabulary has the tokens that its pipeline adds to a text; GPT-2's has none of them.
    const isRoberta = ['"<s>"', '"</s>"', '"<mask>"'].every((token) => vocabulary.includes(token))
    return (isRoberta ? robertaTokenizer : gpt2Tokenizer)(vocabulary, merges)
  }
  const ofSide = `${options.side ?? 'source'}.spm`
  const [ids, pieces] = [await readText(folder, 'vocab.json'), await folder.read(ofSide)]
  if (ids !== undefined && pieces !== undefined) return marianTokenizer(ids, pieces, ofSide)
  for (const path of SENTENCE_PIECE_FILES) {
    const bytes = await folder.read(path)
    if (bytes !== undefined) return sentencePieceTokenizer(bytes, path)
  }
  for (const path of TIKTOKEN_FILES) {
    const text = await readText(folder, path)
    if (text !== undefined) return tiktokenTokenizer(text, { where: path })
  }
  const vocabulary = await readText(folder, 'vocab.txt')
  if (vocabulary !== undefined) return bertTokenizer(vocabulary, bertOptions(vocabulary, settings.config))
  throw new HeddleError(
    'file',
    `${folder.name ?? 'tokenizer folder'}: expected a tokenizer.json, vocab.txt, vocab.json with merges.txt, SentencePiece .model or .tiktoken ` +
      'file, got none. Check the folder.',
  )
}

// Without settings, a vocabulary with letters that change in lower case is a cased one.
function bertOptions(vocabulary: string, config: Readonly<Record<string, unknown>>) {
  const cased = /^(?!\[)[^\n]*\p{Changes_When_Lowercased}/mu.test(vocabulary)
  const flag = (key: string) => (typeof config[key] === 'boolean' ? config[key] : undefined)
  return {
    lowercase: flag('do_lower_case') ?? !cased,
    stripAccents: flag('strip_accents') ?? null,
    handleChineseChars: flag('tokenize_chinese_chars') ?? true,
  }
}
