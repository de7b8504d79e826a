import { HeddleError } from '@heddle/core'
import type { StepModel } from '@heddle/decoding'
import { type Module, readerOf } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { RunFiles } from '../recipe.ts'
import type { Run } from '../run.ts'
import { type Lexicon, readLexicon } from '../tagger/lexicon.ts'
import { sentenceBatch } from '../tagger/sentence-batch.ts'
import { splitWords } from '../tagger/split-words.ts'

// T pieces of the text

/** What a model takes as one step: a character, a piece of a word, a word. */
export interface TextPiece {
  readonly text: string
  /** What stands between the piece before and this one and is no step of its own, such as the space between words. */
  readonly gap: string
}

/** A text as the run's model reads it. */
export interface ReadText {
  readonly pieces: readonly TextPiece[] // T
  /** The part of the model that reads one piece a step. */
  readonly reader: Module
  /** Passes the text through the model. */
  forward(): void
  /** Passes it through piece by piece, where the model can take a step. */
  stepThrough?(): void
}

/**
 * Finds how the run's model reads a text: through its tokenizer, or word by word through its lexicon.
 *
 * @throws HeddleError `usage` for a run that reads no text, `data` for a text without a piece
 */
export function readText(run: Run, files: RunFiles, text: string, where: string): ReadText {
  const { maxLetters } = run.config.recipe as { readonly maxLetters?: unknown }
  if (files['lexicon.json'] !== undefined && typeof maxLetters === 'number')
    return readWords(run, readLexicon(files, maxLetters), text, where)
  // What describes pictures or sounds has a tokenizer for what it writes only.
  if (files['tokenizer.json'] !== undefined && run.pipeline.abilities.describer === undefined)
    return readTokens(run, files, text, where)
  throw new HeddleError(
    'usage',
    `${where}: expected a run that reads text, got one of '${run.config.recipe.type}'. Use a language model, a text classifier, a tagger or a text-to-text run.`,
  )
}

type TextReader = Module &
  Partial<StepModel<unknown>> & {
    encode?(ids: tf.Tensor, lengths: tf.Tensor): unknown
    initialState?(B: number): unknown
  }

function readTokens(run: Run, files: RunFiles, text: string, where: string): ReadText {
  const tokenizer = Tokenizer.fromJSON(files['tokenizer.json'])
  const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false })
  let end = 0
  const pieces = offsets.map(([start, stop]) => {
    // Tokens that are parts of one character share its place.
    const piece = { text: text.slice(Math.max(start, end), stop), gap: text.slice(end, start) }
    end = Math.max(end, stop)
    return piece
  })
  checkPieces(pieces, where)
  const model = run.model as TextReader
  if (model.encode === undefined) {
    return {
      pieces,
      reader: model,
      forward: () => void model.forward(tf.tensor2d([...ids], [1, ids.length], 'int32')),
      ...(model.step !== undefined &&
        model.initialState !== undefined && {
          stepThrough: () => {
            let state = model.initialState!(1)
            for (const id of ids) state = model.step!(tf.tensor1d([id], 'int32'), state).state
          },
        }),
    }
  }
  // Text-to-text recipes train with an end symbol after the source.
  const stop = tokenizer.tokenToId('<eos>')
  const source = stop === undefined ? [...ids] : [...ids, stop]
  return {
    pieces: stop === undefined ? pieces : [...pieces, { text: '<eos>', gap: ' ' }],
    reader: readerOf(model),
    forward: () =>
      void model.encode!(tf.tensor2d(source, [1, source.length], 'int32'), tf.tensor1d([source.length], 'int32')),
  }
}

function readWords(run: Run, { wordId, spelling }: Lexicon, text: string, where: string): ReadText {
  const words = splitWords(text)
  let end = 0
  const pieces = words.map((word) => {
    const start = text.indexOf(word, end)
    const piece = { text: word, gap: text.slice(end, start) }
    end = start + word.length
    return piece
  })
  checkPieces(pieces, where)
  const sentence = {
    words: words.map((word) => ({ id: wordId(word), spelling: spelling(word) })),
    labels: words.map(() => 0),
  }
  const { model } = run
  return {
    pieces,
    // Below it, another network reads the letters of each word.
    reader: readerOf(model),
    forward: () => void model.forward(...sentenceBatch([sentence]).inputs),
  }
}

function checkPieces(pieces: readonly TextPiece[], where: string): void {
  if (pieces.length < 2) {
    throw new HeddleError(
      'data',
      `${where}: expected a text of at least 2 pieces, got ${pieces.length}. Give a longer text.`,
    )
  }
}
