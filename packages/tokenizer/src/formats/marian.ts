import { HeddleError } from '@heddle/core'
import { TemplateProcessing } from '../post-processors/template-processing.ts'
import type { Tokenizer } from '../tokenizer.ts'
import { readVocabJson } from './merges-txt.ts'
import { readSentencePieceModel, type SentencePieceEntry, tokenizerOfModel } from './sentence-piece.ts'

/** Worse than any text of pieces that the model has. */
const LAST_RESORT = -1e5

/**
 * The tokenizer of one side of a Marian model: a SentencePiece model splits the text, vocab.json of both sides has the ids, and
 * `</s>` ends a text. Pieces that only the other side has are taken where nothing else fits. A piece that vocab.json lacks is not
 * used, where transformers makes it unknown.
 *
 * @param vocabulary vocab.json
 * @throws HeddleError `format` for a SentencePiece model of another kind than Unigram, or a vocabulary without `</s>` and `<unk>`
 */
export function marianTokenizer(vocabulary: string, file: Uint8Array, where: string): Tokenizer {
  const model = readSentencePieceModel(file, where)
  if (model.modelType !== 'unigram') {
    throw new HeddleError(
      'format',
      `${where}: expected a Unigram model, got ${model.modelType}. Use another checkpoint.`,
    )
  }
  const tokens = [...readVocabJson(vocabulary).entries()].sort(([, a], [, b]) => a - b)
  const gap = tokens.findIndex(([, id], i) => id !== i)
  if (gap >= 0) {
    throw new HeddleError('format', `vocab.json: expected the id ${gap}, got ${tokens[gap]![1]}. Download it again.`)
  }
  const own = new Map(model.pieces.map((entry) => [entry.piece, entry]))
  const pieces = tokens.map(([piece]): SentencePieceEntry => {
    if (piece === '<unk>') return { piece, score: 0, type: 'unknown' }
    if (piece === '</s>' || piece === '<pad>') return { piece, score: 0, type: 'control' }
    // The language to translate to, which stands before a text.
    if (/^>>.+<<$/.test(piece)) return { piece, score: 0, type: 'unused' }
    const entry = own.get(piece)
    return entry?.type === 'normal' ? entry : { piece, score: LAST_RESORT, type: 'normal' }
  })
  const end = tokens.find(([token]) => token === '</s>')?.[1]
  if (end === undefined || !tokens.some(([token]) => token === '<unk>')) {
    throw new HeddleError('format', `vocab.json: expected the tokens </s> and <unk>, got others. Download it again.`)
  }
  const tokenizer = tokenizerOfModel({ ...model, pieces }, where)
  tokenizer.addTokens(
    pieces.flatMap(({ piece, type }) => (type === 'unused' ? [{ content: piece, normalized: false }] : [])),
  )
  tokenizer.postProcessor = new TemplateProcessing({
    single: '$A </s>',
    pair: '$A $B </s>',
    specialTokens: { '</s>': end },
  })
  return tokenizer
}
