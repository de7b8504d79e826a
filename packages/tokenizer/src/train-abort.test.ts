import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { preTokenizers, Tokenizer, type Trainer, trainers } from './index.ts'

const rng = new RandomStream(1)
const lines = Array.from({ length: 300 }, () =>
  Array.from({ length: 8 }, () => rng.integer(1_000_000).toString(36)).join(' '),
)
const parts = { preTokenizer: new preTokenizers.Whitespace() }

describe.each<[string, () => Trainer]>([
  ['BPE', () => new trainers.BPETrainer({ vocabSize: 300 })],
  ['WordPiece', () => new trainers.WordPieceTrainer({ vocabSize: 300, specialTokens: ['[UNK]'] })],
  ['Unigram', () => new trainers.UnigramTrainer({ vocabSize: 200 })],
  ['WordLevel', () => new trainers.WordLevelTrainer({ vocabSize: 300 })],
  ['Char', () => new trainers.CharTrainer()],
])('a training of %s', (_, create) => {
  it('in turns learns the same', async () => {
    const tokenizer = await Tokenizer.trainAsync(lines, create(), parts)
    expect(tokenizer.toJSON()).toEqual(Tokenizer.train(lines, create(), parts).toJSON())
  })

  it('ends with the reason of a signal, while it reads and while it learns', async () => {
    const reason = new Error('enough')
    const trainer = create()
    await expect(Tokenizer.trainAsync(lines, trainer, { ...parts, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    const reading = new AbortController()
    let read = 0
    function* some() {
      for (const line of lines) {
        if (++read === 20) reading.abort(reason)
        yield line
      }
    }
    await expect(Tokenizer.trainAsync(some(), trainer, { ...parts, signal: reading.signal })).rejects.toBe(reason)
    expect(read).toBe(20)
    const learning = new AbortController()
    function* all() {
      yield* lines
      queueMicrotask(() => learning.abort(reason))
    }
    if (trainer.trainInTurns !== undefined) {
      await expect(Tokenizer.trainAsync(all(), trainer, { ...parts, signal: learning.signal })).rejects.toBe(reason)
    }
    expect((await Tokenizer.trainAsync(lines, trainer, parts)).toJSON()).toEqual(
      Tokenizer.train(lines, create(), parts).toJSON(),
    )
  })
})
