import { HeddleError, show } from '@heddle/core'
import { ByteFallback } from '../decoders/byte-fallback.ts'
import { Fuse } from '../decoders/fuse.ts'
import { Replace as ReplaceDecoder } from '../decoders/replace.ts'
import { Sequence as DecoderSequence } from '../decoders/sequence.ts'
import { Strip as StripDecoder } from '../decoders/strip.ts'
import { BPE, type Merge } from '../models/bpe.ts'
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

/** What a SentencePiece .model file holds, as far as tokenization needs it. */
export interface SentencePieceModel {
  readonly pieces: readonly SentencePieceEntry[]
  readonly modelType: 'unigram' | 'bpe' | 'word' | 'char'
  readonly byteFallback: boolean
  /** The compiled character map of the normalizer; empty for none. */
  readonly charsmap: Uint8Array
  /** Whether text gets a space before it. */
  readonly addDummyPrefix: boolean
  /** Whether runs of spaces become one. */
  readonly removeExtraWhitespaces: boolean
  /** Whether words end with the mark of a space instead of beginning with it. */
  readonly treatWhitespaceAsSuffix: boolean
}

const PIECE_TYPES = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const
const MODEL_TYPES = ['unigram', 'bpe', 'word', 'char'] as const

// Field numbers of the messages in sentencepiece_model.proto.
const MODEL = { pieces: 1, trainer: 2, normalizer: 3 }
const PIECE = { piece: 1, score: 2, type: 3 }
const TRAINER = { modelType: 3, treatWhitespaceAsSuffix: 24, byteFallback: 35 }
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
 * The tokenizer of a SentencePiece .model file of the types unigram and bpe.
 *
 * @throws HeddleError `format` when the file is malformed; `data` for the types word and char, which need text that was split before
 */
export function sentencePieceTokenizer(file: Uint8Array, where = 'SentencePiece model'): Tokenizer {
  const model = readSentencePieceModel(file, where)
  if (model.modelType === 'word' || model.modelType === 'char') {
    throw new HeddleError(
      'data',
      `${where}: expected a model of the type unigram or bpe, got ${model.modelType}. Train a tokenizer of that kind instead.`,
    )
  }
  const special = model.pieces.flatMap(({ piece, type }): AddedTokenInput[] => {
    if (type === 'control' || type === 'unknown') return [{ content: piece, special: true }]
    return type === 'user-defined' ? [{ content: piece, normalized: true }] : []
  })
  return new Tokenizer({
    normalizer: normalizerOf(model),
    preTokenizer: preTokenizerOf(model),
    model: modelOf(model),
    decoder: decoderOf(model),
    addedTokens: special,
  })
}

function normalizerOf({ pieces, charsmap, ...options }: SentencePieceModel): Normalizer {
  const { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix } = options
  const userDefinedSymbols = pieces.filter(({ type }) => type === 'user-defined').map(({ piece }) => piece)
  const spaces = { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix }
  return new SentencePiece({ precompiledCharsmap: charsmap, userDefinedSymbols, ...spaces })
}

/** Words can be tokenized one by one, and be remembered, unless a piece reaches over the border of two. */
function preTokenizerOf({ pieces, treatWhitespaceAsSuffix: suffix }: SentencePieceModel): PreTokenizer | undefined {
  const crossing = suffix ? /\u2581./u : /.\u2581/u
  if (pieces.some(({ piece, type }) => type === 'normal' && crossing.test(piece))) return undefined
  return new Split({ pattern: '\u2581', behavior: suffix ? 'MergedWithPrevious' : 'MergedWithNext' })
}

function modelOf({ pieces, modelType, byteFallback }: SentencePieceModel): Model {
  const unkId = pieces.findIndex(({ type }) => type === 'unknown')
  if (modelType === 'unigram') {
    const scored = pieces.map(({ piece, score }) => [piece, score] as const)
    return new Unigram(scored, { unkId: unkId < 0 ? null : unkId, byteFallback })
  }
  const vocabulary = new Vocabulary(pieces.map(({ piece }, id) => [piece, id] as const))
  return new BPE(vocabulary, mergesOf(pieces, vocabulary), {
    unkToken: pieces[unkId]?.piece ?? null,
    fuseUnk: true,
    byteFallback,
  })
}

// The file has no merges: every way to split a piece into two others is one, and the pieces' scores are their order.
function mergesOf(pieces: readonly SentencePieceEntry[], vocabulary: Vocabulary): Merge[] {
  const merges: { left: string; right: string; score: number; ids: [number, number] }[] = []
  for (const { piece, score } of pieces) {
    const characters = [...piece]
    for (let i = 1; i < characters.length; i++) {
      const left = characters.slice(0, i).join('')
      const right = characters.slice(i).join('')
      const ids = [vocabulary.id(left), vocabulary.id(right)] as const
      if (ids[0] !== undefined && ids[1] !== undefined) merges.push({ left, right, score, ids: [ids[0], ids[1]] })
    }
  }
  merges.sort((a, b) => b.score - a.score || a.ids[0] - b.ids[0] || a.ids[1] - b.ids[1])
  return merges.map(({ left, right }) => [left, right])
}

function decoderOf({ byteFallback, addDummyPrefix, treatWhitespaceAsSuffix }: SentencePieceModel): Decoder {
  const steps: Decoder[] = [new ReplaceDecoder('\u2581', ' ')]
  if (byteFallback) steps.push(new ByteFallback())
  steps.push(new Fuse())
  // As SentencePiece does it: a space that stands after the text stays.
  if (addDummyPrefix && !treatWhitespaceAsSuffix) steps.push(new StripDecoder({ content: ' ', start: 1, stop: 0 }))
  return new DecoderSequence(steps)
}
