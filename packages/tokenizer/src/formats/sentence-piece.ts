import { HeddleError, show } from '@heddle/core'
import { SentencePiece as SentencePieceDecoder } from '../decoders/sentence-piece.ts'
import { BPE } from '../models/bpe.ts'
import { derivedMerges } from '../models/derived-merges.ts'
import { MarkedWords } from '../models/marked-words.ts'
import { Unigram } from '../models/unigram.ts'
import { SentencePiece } from '../normalizers/sentence-piece.ts'
import type { Decoder, Model, Normalizer, PreTokenizer } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { Split } from '../pre-tokenizers/split.ts'
import type { AddedTokenInput } from '../text/added-token.ts'
import { Tokenizer } from '../tokenizer.ts'
import { protobufFields } from './protobuf.ts'

/** A piece of a SentencePiece model. */
export interface SentencePieceEntry {
  readonly piece: string
  readonly score: number
  readonly type: 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte'
}

/** The content of a SentencePiece .model file that tokenization uses. */
export interface SentencePieceModel {
  readonly pieces: readonly SentencePieceEntry[]
  readonly modelType: 'unigram' | 'bpe' | 'word' | 'char'
  readonly byteFallback: boolean
  /** Compiled character map of the normalizer; empty for none. */
  readonly charsmap: Uint8Array
  /** Whether to add a space before the text. */
  readonly addDummyPrefix: boolean
  /** Whether to join runs of spaces. */
  readonly removeExtraWhitespaces: boolean
  /** Whether words end with the mark of a space instead of starting with it. */
  readonly treatWhitespaceAsSuffix: boolean
  /** Text of unknown tokens in decoded text. */
  readonly unkSurface: string
}

const PIECE_TYPES = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const
const MODEL_TYPES = ['unigram', 'bpe', 'word', 'char'] as const

// Field numbers of the messages in sentencepiece_model.proto.
const MODEL = { pieces: 1, trainer: 2, normalizer: 3 }
const PIECE = { piece: 1, score: 2, type: 3 }
const TRAINER = { modelType: 3, treatWhitespaceAsSuffix: 24, byteFallback: 35, unkSurface: 44 }
const NORMALIZER = { charsmap: 2, addDummyPrefix: 3, removeExtraWhitespaces: 4 }

/**
 * Reads a SentencePiece .model file.
 *
 * @throws HeddleError `format`, naming the place
 * @see https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
 */
export function readSentencePieceModel(bytes: Uint8Array, where = 'SentencePiece model'): SentencePieceModel {
  const pieces: SentencePieceEntry[] = []
  const model = {
    modelType: 'unigram' as SentencePieceModel['modelType'],
    byteFallback: false,
    charsmap: new Uint8Array(0) as Uint8Array,
    addDummyPrefix: true,
    removeExtraWhitespaces: true,
    treatWhitespaceAsSuffix: false,
    unkSurface: ' \u2047 ',
  }
  const message = (value: number | Uint8Array, name: string): Uint8Array => {
    if (typeof value !== 'number') return value
    throw new HeddleError(
      'format',
      `${where}: expected ${name} as bytes, got the number ${value}. The file is damaged or of another kind.`,
    )
  }
  const choice = <T extends string>(names: readonly T[], value: number | Uint8Array, name: string): T => {
    const found = typeof value === 'number' ? names[value - 1] : undefined
    if (found !== undefined) return found
    throw new HeddleError(
      'format',
      `${where}: expected ${name} from 1 to ${names.length}, got ${show(value)}. The file is damaged or of another kind.`,
    )
  }
  for (const { number, value } of protobufFields(bytes, where)) {
    if (number === MODEL.pieces) {
      const at = `${where}, piece ${pieces.length}`
      pieces.push(
        readPiece(message(value, 'a piece'), at, (type) =>
          choice(PIECE_TYPES, type, `the type of piece ${pieces.length}`),
        ),
      )
    } else if (number === MODEL.trainer) {
      for (const field of protobufFields(message(value, 'trainer_spec'), `${where}, trainer_spec`)) {
        if (field.number === TRAINER.modelType) model.modelType = choice(MODEL_TYPES, field.value, 'model_type')
        else if (field.number === TRAINER.byteFallback) model.byteFallback = field.value === 1
        else if (field.number === TRAINER.treatWhitespaceAsSuffix) model.treatWhitespaceAsSuffix = field.value === 1
        else if (field.number === TRAINER.unkSurface && typeof field.value !== 'number')
          model.unkSurface = new TextDecoder().decode(field.value)
      }
    } else if (number === MODEL.normalizer) {
      for (const field of protobufFields(message(value, 'normalizer_spec'), `${where}, normalizer_spec`)) {
        if (field.number === NORMALIZER.charsmap) model.charsmap = message(field.value, 'precompiled_charsmap')
        else if (field.number === NORMALIZER.addDummyPrefix) model.addDummyPrefix = field.value !== 0
        else if (field.number === NORMALIZER.removeExtraWhitespaces) model.removeExtraWhitespaces = field.value !== 0
      }
    }
  }
  if (pieces.length === 0)
    throw new HeddleError('format', `${where}: expected pieces, got none. The file is damaged or of another kind.`)
  return { pieces, ...model }
}

function readPiece(
  bytes: Uint8Array,
  where: string,
  typeOf: (value: number | Uint8Array) => SentencePieceEntry['type'],
): SentencePieceEntry {
  let piece = ''
  let score = 0
  let type: SentencePieceEntry['type'] = 'normal'
  for (const { number, value } of protobufFields(bytes, where)) {
    if (number === PIECE.piece && typeof value !== 'number')
      piece = new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
    else if (number === PIECE.score && typeof value !== 'number' && value.length === 4) {
      score = new DataView(value.buffer, value.byteOffset, 4).getFloat32(0, true)
    } else if (number === PIECE.type) type = typeOf(value)
  }
  return { piece, score, type }
}

/**
 * The tokenizer of a SentencePiece .model file.
 *
 * As in sentencepiece, text never becomes control, unknown, byte or unused pieces, whatever it spells: a text `<s>` is three characters. With
 * `encodeSpecialTokens: false` for `encode`, control symbols in text stand for themselves.
 *
 * @throws HeddleError `format` if the file is malformed
 */
export function sentencePieceTokenizer(file: Uint8Array, where = 'SentencePiece model'): Tokenizer {
  return tokenizerOfModel(readSentencePieceModel(file, where), where)
}

/** The tokenizer of a SentencePiece model; the place of a piece is its id. */
export function tokenizerOfModel(model: SentencePieceModel, where: string): Tokenizer {
  const added = model.pieces.flatMap(({ piece, type }): AddedTokenInput[] => {
    if (type === 'control' && piece !== '') return [{ content: piece, special: true }]
    // The word model looks up whole words only.
    const isFound = type === 'user-defined' && piece !== '' && model.modelType !== 'word'
    return isFound ? [{ content: piece, normalized: true }] : []
  })
  return new Tokenizer({
    normalizer: normalizerOf(model),
    preTokenizer: preTokenizerOf(model),
    model: modelOf(model, where),
    decoder: decoderOf(model),
    addedTokens: added,
    encodeSpecialTokens: true,
  })
}

function normalizerOf({ pieces, charsmap, ...options }: SentencePieceModel): Normalizer {
  const { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix } = options
  const userDefinedSymbols = pieces.filter(({ type }) => type === 'user-defined').map(({ piece }) => piece)
  const spaces = { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix }
  return new SentencePiece({ precompiledCharsmap: charsmap, userDefinedSymbols, ...spaces })
}

/** Words can be tokenized one by one, and cached, unless a piece spans two of them or unknown text does. */
function preTokenizerOf({
  pieces,
  modelType,
  treatWhitespaceAsSuffix: suffix,
}: SentencePieceModel): PreTokenizer | undefined {
  if (modelType === 'word') return undefined
  const crossing = suffix ? /\u2581./u : /.\u2581/u
  const isMatched = (type: SentencePieceEntry['type']) => type === 'normal' || type === 'unused'
  if (pieces.some(({ piece, type }) => isMatched(type) && crossing.test(piece))) return undefined
  return new Split({ pattern: '\u2581', behavior: suffix ? 'MergedWithPrevious' : 'MergedWithNext' })
}

function modelOf(
  { pieces, modelType, byteFallback, treatWhitespaceAsSuffix }: SentencePieceModel,
  where: string,
): Model {
  const unkId = pieces.findIndex(({ type }) => type === 'unknown')
  const idsOf = (...types: SentencePieceEntry['type'][]) =>
    pieces.flatMap(({ type }, id) => (types.includes(type) ? [id] : []))
  if (modelType === 'unigram') {
    const scored = pieces.map(({ piece, score }) => [piece, score] as const)
    const unmatched = idsOf('control', 'unknown', 'byte', 'unused')
    return new Unigram(scored, { unkId: unkId < 0 ? null : unkId, byteFallback, unmatched })
  }
  const vocabulary = new Vocabulary(pieces.map(({ piece }, id) => [piece, id] as const))
  const unkToken = pieces[unkId]?.piece ?? null
  if (modelType === 'word') {
    if (unkToken === null)
      throw new HeddleError('format', `${where}: expected an unknown piece, got none. The file is damaged.`)
    return new MarkedWords(vocabulary, {
      unkToken,
      suffix: treatWhitespaceAsSuffix,
      unmatched: idsOf('control', 'byte', 'unused'),
    })
  }
  const options = { unkToken, fuseUnk: true, byteFallback }
  if (modelType === 'char') return new BPE(vocabulary, [], options)
  // The file has no merges: every way to split a piece into two others is one, and the scores of the pieces are their order.
  const merging = pieces.map(({ piece, type }) => (type === 'normal' || type === 'unused' ? piece : undefined))
  const merges = derivedMerges(merging, (a, b) => pieces[b]!.score - pieces[a]!.score)
  return new BPE(vocabulary, merges, { ...options, unused: idsOf('unused') })
}

function decoderOf({
  pieces,
  unkSurface,
  addDummyPrefix,
  removeExtraWhitespaces,
  byteFallback,
}: SentencePieceModel): Decoder {
  const unkPiece = pieces.find(({ type }) => type === 'unknown')?.piece ?? null
  return new SentencePieceDecoder({ unkPiece, unkSurface, addDummyPrefix, removeExtraWhitespaces, byteFallback })
}
