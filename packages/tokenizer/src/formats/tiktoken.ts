import { HeddleError, show } from '@heddle/core'
import { ByteLevel as ByteLevelDecoder } from '../decoders/byte-level.ts'
import { BPE } from '../models/bpe.ts'
import { derivedMerges } from '../models/derived-merges.ts'
import { MAX_ID, Vocabulary } from '../pipeline/vocabulary.ts'
import { ByteLevel } from '../pre-tokenizers/byte-level.ts'
import { CL100K_PATTERN } from '../pre-tokenizers/cl100k-split.ts'
import { GPT2_PATTERN } from '../pre-tokenizers/gpt2-split.ts'
import { Sequence } from '../pre-tokenizers/sequence.ts'
import { Split } from '../pre-tokenizers/split.ts'
import { Tokenizer } from '../tokenizer.ts'
import { byteCharacters } from '../unicode/byte-characters.ts'

/** The pattern and the special tokens of an encoding that OpenAI has published. */
interface Encoding {
  /** Number of ranks in its file. */
  readonly ranks: number
  readonly pattern: string
  readonly specialTokens: Readonly<Record<string, number>>
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]'
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'
const O200K_PATTERN =
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${CONTRACTIONS}?|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${CONTRACTIONS}?|` +
  '\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  r50k_base: { ranks: 50_256, pattern: GPT2_PATTERN, specialTokens: { '<|endoftext|>': 50_256 } },
  p50k_base: { ranks: 50_280, pattern: GPT2_PATTERN, specialTokens: { '<|endoftext|>': 50_256 } },
  cl100k_base: {
    ranks: 100_256,
    pattern: CL100K_PATTERN,
    specialTokens: {
      '<|endoftext|>': 100_257,
      '<|fim_prefix|>': 100_258,
      '<|fim_middle|>': 100_259,
      '<|fim_suffix|>': 100_260,
      '<|endofprompt|>': 100_276,
    },
  },
  o200k_base: {
    ranks: 199_998,
    pattern: O200K_PATTERN,
    specialTokens: { '<|endoftext|>': 199_999, '<|endofprompt|>': 200_018 },
  },
}

export interface TiktokenOptions {
  /** Regular expression that splits the text. Default: that of the published encoding with as many ranks, or of cl100k_base. */
  readonly pattern?: string
  /** Special tokens and their ids. Default: those of the published encoding with as many ranks. */
  readonly specialTokens?: Readonly<Record<string, number>>
  /** Name of the file, for messages. */
  readonly where?: string
}

/**
 * Reads a rank file of tiktoken: one token per line, in base64, and its rank, which is its id.
 *
 * @returns the tokens as byte characters, by rank
 * @throws HeddleError `format`, naming the line
 */
export function readTiktoken(text: string, where = 'tiktoken file'): (string | undefined)[] {
  const tokens: (string | undefined)[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue
    const match = /^([A-Za-z0-9+/]+={0,2}) (\d+)$/.exec(line)
    const rank = Number(match?.[2])
    const bytes = match === null || rank > MAX_ID ? undefined : fromBase64(match[1]!)
    if (bytes === undefined) {
      throw new HeddleError(
        'format',
        `${where}, line ${i + 1}: expected a token in base64 and its rank, got ${show(line)}. Check the file.`,
      )
    }
    while (tokens.length <= rank) tokens.push(undefined)
    tokens[rank] = byteCharacters(bytes)
  }
  if (tokens.length === 0) throw new HeddleError('format', `${where}: expected tokens, got none. Check the file.`)
  return tokens
}

/**
 * The tokenizer of a rank file of tiktoken, such as cl100k_base.tiktoken.
 *
 * @throws HeddleError `format`, naming the line
 * @see https://github.com/openai/tiktoken
 */
export function tiktokenTokenizer(text: string, options: TiktokenOptions = {}): Tokenizer {
  const tokens = readTiktoken(text, options.where)
  const published = Object.values(ENCODINGS).find(({ ranks }) => ranks === tokens.filter(Boolean).length)
  const { pattern = published?.pattern ?? CL100K_PATTERN, specialTokens = published?.specialTokens ?? {} } = options
  const vocabulary = new Vocabulary(tokens.flatMap((token, id) => (token === undefined ? [] : [[token, id] as const])))
  return new Tokenizer({
    preTokenizer: new Sequence([
      new Split({ pattern: { regex: pattern }, behavior: 'Isolated' }),
      new ByteLevel({ addPrefixSpace: false, useRegex: false }),
    ]),
    model: new BPE(
      vocabulary,
      derivedMerges(tokens, (a, b) => a - b),
      { ignoreMerges: true },
    ),
    decoder: new ByteLevelDecoder(),
    addedTokens: Object.entries(specialTokens).map(([content, id]) => ({
      content,
      id,
      singleWord: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
  })
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}
