import { atOnce, inTurns, RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import {
  decoders,
  encodeInTurns,
  preTokenizers,
  Tokenizer,
  trainCharTokenizer,
  trainCharTokenizerAsync,
  trainers,
  trainWordTokenizer,
  trainWordTokenizerAsync,
} from '../index.ts'
import { textPieces } from './text-pieces.ts'

const rng = new RandomStream(1)
const word = () => rng.integer(4000).toString(36)
const separator = () => [' ', ' ', ' ', '  ', '\n', ' \n ', '\n\n', '. '][rng.integer(8)]!
const long = Array.from({ length: 50_000 }, () => word() + separator()).join('')
const gpt2 = Tokenizer.train(
  [long.slice(0, 20_000)],
  new trainers.BPETrainer({ vocabSize: 400, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
  { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }), decoder: new decoders.ByteLevel() },
)

describe('textPieces', () => {
  it('are the text, cut where the tokens are the same', () => {
    const unitsOf = (text: string) => gpt2.encodeIds(text)
    const pieces = [...textPieces(long, { size: 4000, unitsOf })]
    expect(pieces.length).toBeGreaterThan(30)
    expect(pieces.join('')).toBe(long)
    expect(pieces.flatMap((piece) => unitsOf(piece))).toEqual(unitsOf(long))
  })

  it('are one where units reach over all places', () => {
    // Each text is one unit.
    expect([...textPieces(long, { size: 4000, unitsOf: (text) => [text] })]).toEqual([long])
    // A mark before each text would come again before each piece.
    expect([...textPieces(long, { size: 4000, unitsOf: (text) => ['[CLS]', ...text] })]).toEqual([long])
    expect([...textPieces('short', { unitsOf: (text) => [...text] })]).toEqual(['short'])
    expect([...textPieces('', { unitsOf: (text) => [...text] })]).toEqual([])
  })

  it('never cut a character in two', () => {
    const text = '😀'.repeat(5000)
    const pieces = [...textPieces(text, { size: 1001, unitsOf: (piece) => [...piece] })]
    expect(pieces.length).toBeGreaterThan(5)
    for (const piece of pieces) expect(piece).toMatch(/^(😀)+$/u)
  })
})

describe.each<[string, Tokenizer]>([
  ['GPT-2', gpt2],
  ['characters', trainCharTokenizer([long])],
  ['words', trainWordTokenizer([long])],
  [
    'a prefix space',
    new Tokenizer({ model: gpt2.model, preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: true }) }),
  ],
  [
    'no pre-tokens',
    Tokenizer.train([long.slice(0, 5000)], new trainers.UnigramTrainer({ vocabSize: 300, unkToken: '<unk>' })),
  ],
])('encodeInTurns with %s', (_, tokenizer) => {
  it('makes the ids of encodeIds', () => {
    const texts = [long, 'a short one', '']
    expect([...atOnce(encodeInTurns(tokenizer, texts))]).toEqual(texts.flatMap((text) => tokenizer.encodeIds(text)))
  })
})

describe('a text of one long line', () => {
  it('trains in turns what it trains at once, and ends with the reason of a signal', async () => {
    const reason = new Error('enough')
    const parts = { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }) }
    const trainer = () => new trainers.BPETrainer({ vocabSize: 300 })
    const whole = Tokenizer.train([long], trainer(), parts).toJSON()
    expect((await Tokenizer.trainAsync([long], trainer(), parts)).toJSON()).toEqual(whole)
    const trainings: ((signal?: AbortSignal) => Promise<unknown>)[] = [
      (signal) => trainCharTokenizerAsync([long], { signal }),
      (signal) => trainWordTokenizerAsync([long], { signal }),
      (signal) => Tokenizer.trainAsync([long], trainer(), { ...parts, signal }),
      (signal) => inTurns(encodeInTurns(gpt2, Array(20).fill(long)), signal),
    ]
    for (const train of trainings) {
      const controller = new AbortController()
      const training = train(controller.signal)
      queueMicrotask(() => controller.abort(reason))
      await expect(training).rejects.toBe(reason)
    }
    expect((await trainCharTokenizerAsync([long])).toJSON()).toEqual(trainCharTokenizer([long]).toJSON())
    expect((await trainWordTokenizerAsync([long])).toJSON()).toEqual(trainWordTokenizer([long]).toJSON())
  })
})
