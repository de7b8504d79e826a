import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HeddleError, isHeddleError, type Registry, show } from '@heddle/core'
import { Tokenizer } from '@heddle/tokenizer'
import {
  bertTokenizer,
  gpt2Tokenizer,
  robertaTokenizer,
  sentencePieceTokenizer,
  tiktokenTokenizer,
} from '@heddle/tokenizer/formats'

export interface LoadedTokenizer {
  readonly tokenizer: Tokenizer
  /** Kind of the file that it came from. */
  readonly format: string
  readonly files: readonly string[]
}

/** File names of vocabularies with merges: of the Hugging Face library, and of the first GPT-2. */
const MERGES_PAIRS = [
  ['vocab.json', 'merges.txt'],
  ['encoder.json', 'vocab.bpe'],
] as const

/**
 * Reads a tokenizer of any known kind: tokenizer.json, vocab.txt, vocab.json with merges.txt, a SentencePiece .model, or tiktoken ranks; or a folder that
 * holds one of them, as the folder of a run does.
 *
 * @throws HeddleError `file` when there is none, `format` when it is malformed
 */
export async function loadTokenizer(path: string, registry: Registry): Promise<LoadedTokenizer> {
  const info = await stat(path).catch(() => undefined)
  if (info === undefined) {
    throw new HeddleError('file', `${path}: expected a tokenizer or a folder that holds one, got none. Check the path.`)
  }
  const file = info.isDirectory() ? await tokenizerIn(path) : path
  const bytes = await bytesOf(file)
  const name = basename(file)
  if (name.endsWith('.model')) {
    return { tokenizer: named(file, () => sentencePieceTokenizer(bytes)), format: 'SentencePiece model', files: [file] }
  }
  const pair = MERGES_PAIRS.find((names) => names.some((one) => one === name))
  const content = textOf(file, bytes)
  if (pair !== undefined && !(name.endsWith('.json') && isTokenizerJson(content)))
    return withMerges(dirname(file), pair)
  if (isJson(content)) {
    const tokenizer = named(file, () => Tokenizer.fromJSON(content, { registry }))
    return { tokenizer, format: 'tokenizer.json', files: [file] }
  }
  if (TIKTOKEN_LINE.test(content)) {
    return { tokenizer: named(file, () => tiktokenTokenizer(content)), format: 'tiktoken ranks', files: [file] }
  }
  if (SCORED_LINE.test(content)) {
    throw new HeddleError(
      'format',
      `${file}: expected a tokenizer, got the list of pieces and scores that sentencepiece writes beside its model. Pass the .model file.`,
    )
  }
  const settings = await bertSettings(dirname(file), content)
  return { tokenizer: named(file, () => bertTokenizer(content, settings)), format: 'vocab.txt', files: [file] }
}

/** Whether text is a tokenizer.json; its parts may be of plugins that are not there. */
export function isTokenizerJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && typeof (value as { model?: unknown }).model === 'object'
  } catch {
    return false
  }
}

/** A token in base64 and its rank. */
const TIKTOKEN_LINE = /^[A-Za-z0-9+/]+={0,2} \d+(?:\r?\n|$)/
/** A piece and its score. */
const SCORED_LINE = /^[^\t\n]+\t-?\d+(?:\.\d+)?(?:e-?\d+)?(?:\r?\n|$)/

const isJson = (text: string) => /^\s*\{\s*["}]/.test(text.slice(0, 1000))

async function tokenizerIn(folder: string): Promise<string> {
  const names = await readdir(folder)
  if (names.includes('tokenizer.json')) return join(folder, 'tokenizer.json')
  if (names.includes('vocab.txt')) return join(folder, 'vocab.txt')
  for (const [vocabulary, merges] of MERGES_PAIRS)
    if (names.includes(vocabulary) && names.includes(merges)) return join(folder, vocabulary)
  const models = names.filter((name) => name.endsWith('.model') || name.endsWith('.tiktoken'))
  if (models.length === 1) return join(folder, models[0]!)
  const got =
    models.length > 1 ? models.join(', ') : names.length > 0 ? show(names.sort().join(', ')) : 'an empty folder'
  throw new HeddleError(
    'file',
    `${folder}: expected a tokenizer.json, vocab.txt, vocab.json with merges.txt, or one .model or .tiktoken file, got ${got}. Name the file.`,
  )
}

async function withMerges(folder: string, names: readonly [string, string]): Promise<LoadedTokenizer> {
  const files = names.map((name) => join(folder, name))
  const [vocabulary, merges] = (await Promise.all(files.map(async (file) => textOf(file, await bytesOf(file))))) as [
    string,
    string,
  ]
  // RoBERTa's vocabulary has the tokens that its pipeline puts around a text; GPT-2's has none of them.
  const isRoberta = ['"<s>"', '"</s>"', '"<mask>"'].every((token) => vocabulary.includes(token))
  const read = isRoberta ? robertaTokenizer : gpt2Tokenizer
  return {
    tokenizer: named(folder, () => read(vocabulary, merges)),
    format: `${names.join(' and ')} (${isRoberta ? 'RoBERTa' : 'GPT-2'})`,
    files,
  }
}

// The settings of Hugging Face's tokenizer_config.json. Without that file, a vocabulary with capital letters is a cased one.
async function bertSettings(folder: string, vocabulary: string) {
  const file = join(folder, 'tokenizer_config.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const cased = /^(?!\[)[^\n]*\p{Changes_When_Lowercased}/mu.test(vocabulary)
  if (text === undefined) return { lowercase: !cased }
  const config = named(file, () => {
    try {
      return JSON.parse(text) as Record<string, unknown>
    } catch (cause) {
      throw new HeddleError('format', `expected JSON, got ${show(text)}. Check the file.`, { cause })
    }
  })
  const flag = (key: string) => (typeof config[key] === 'boolean' ? config[key] : undefined)
  return {
    lowercase: flag('do_lower_case') ?? !cased,
    stripAccents: flag('strip_accents') ?? null,
    handleChineseChars: flag('tokenize_chinese_chars') ?? true,
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = missing ? 'none' : cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError('file', `${file}: expected a readable file, got ${reason}. Check the path.`, { cause })
  }
}

function textOf(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new HeddleError(
      'format',
      `${file}: expected a tokenizer in UTF-8, got other bytes. A SentencePiece file must be called .model.`,
      { cause },
    )
  }
}

/** Adds the file to the message of what goes wrong in it. */
function named<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!isHeddleError(error)) throw error
    throw new HeddleError(error.code, `${file}: ${error.message}`, { cause: error })
  }
}
