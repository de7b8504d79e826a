import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { learnWordPieces } from '../task/learn-word-pieces.ts'
import { TextReader } from './text-reader.ts'

it('hides dropped tokens behind the mask, and keeps special ones', async () => {
  const tokenizer = await learnWordPieces(['the fox sleeps', 'the bear wakes'], { vocabSize: 60, lowercase: true })
  const reader = new TextReader(tokenizer, ['one'], { maxLength: 20, tokenDropout: 0.5 })
  const example = reader.encode({ text: 'the fox wakes the bear', label: 'one' })
  const mask = tokenizer.tokenToId('[MASK]')!
  const rng = new RandomStream(1)
  let dropped = 0
  for (let i = 0; i < 200; i++) {
    const input = Array.from(reader.augment!(example, rng).input)
    expect([input[0], input.at(-1)]).toEqual([tokenizer.tokenToId('[CLS]'), tokenizer.tokenToId('[SEP]')])
    for (const [t, id] of input.entries()) {
      if (id !== example.input[t]) expect(id).toBe(mask)
    }
    dropped += input.filter((id) => id === mask).length
  }
  const count = 200 * (example.input.length - 2)
  expect(Math.abs(dropped / count - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / count))
})
