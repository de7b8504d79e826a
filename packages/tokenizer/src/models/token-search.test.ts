import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { unitsOf } from '../unicode/units.ts'
import { BPE, type BPEOptions } from './bpe.ts'
import { derivedMerges } from './derived-merges.ts'
import type { Merge } from './merge-list.ts'

const below = (random: RandomStream, limit: number) => Math.floor(random.uniform() * limit)
const tokensOf = (out: TokenBuffer) =>
  Array.from({ length: out.length }, (_, i) => [out.ids[i], out.starts[i], out.ends[i]])

/** Random merges over few letters, so that they overlap and compete. */
function randomModel(random: RandomStream, kind: number, options: BPEOptions): BPE {
  const letters = ['a', 'b', 'c', '가'].slice(0, 1 + below(random, 4))
  const tokens = [...letters]
  const merges: Merge[] = []
  for (let i = 1 + below(random, 30); i > 0; i--) {
    const merge = [tokens[below(random, tokens.length)]!, tokens[below(random, tokens.length)]!] as const
    // Kind 0 is like a trained list: each merge once, and each makes a new token.
    if (kind === 0 && tokens.includes(merge.join(''))) continue
    merges.push(merge)
    if (!tokens.includes(merge.join(''))) tokens.push(merge.join(''))
  }
  // Tokens that no merge leads to.
  for (let i = below(random, 4); i > 0; i--) {
    const token = Array.from({ length: 2 + below(random, 3) }, () => letters[below(random, letters.length)]).join('')
    if (!tokens.includes(token)) tokens.push(token)
  }
  const shuffled = kind === 2 ? random.shuffled(merges) : merges
  const list = kind === 3 ? derivedMerges(tokens, (a, b) => a - b) : shuffled
  return new BPE(Vocabulary.fromTokens(tokens), list, options)
}

for (const [kind, name] of ['merges as trained', 'repeated results', 'any order', 'all splits of tokens'].entries()) {
  it(`finds the tokens that merging leads to: ${name}`, () => {
    const random = new RandomStream(7 + kind)
    let longest = 0
    for (let round = 0; round < 60; round++) {
      const model = randomModel(random, kind, { ignoreMerges: round % 5 === 0 })
      for (let i = 0; i < 60; i++) {
        const length = 1 + below(random, i === 0 ? 120 : 16)
        const word = Array.from({ length }, () => 'abc가'[below(random, 4)]).join('')
        const [found, merged] = [new TokenBuffer(), new TokenBuffer()]
        model.tokenizeUnits(unitsOf(`x${word}x`), 1, 1 + length, found)
        model.tokenize(word, merged)
        expect(tokensOf(found), `${word}, round ${round}`).toEqual(tokensOf(merged))
        for (let k = 0; k < merged.length; k++) longest = Math.max(longest, merged.ends[k]! - merged.starts[k]!)
      }
    }
    expect(longest).toBeGreaterThan(3)
  })
}

it('merges the first words of a large vocabulary, and then finds the same tokens', () => {
  const many = Array.from({ length: 40_000 }, (_, i) => `x${i}`)
  const model = new BPE(Vocabulary.fromTokens(['a', 'b', 'ab', 'aba', ...many]), [
    ['a', 'b'],
    ['ab', 'a'],
  ])
  const out = new TokenBuffer()
  const tokens = () => {
    out.clear()
    model.tokenizeUnits(unitsOf('ababa'), 0, 5, out)
    return tokensOf(out)
  }
  const first = tokens()
  expect(first).toEqual([
    [2, 0, 2],
    [3, 2, 5],
  ])
  for (let i = 0; i < 40_010; i++) tokens()
  expect(tokens()).toEqual(first)
})

it('takes time in proportion to the length of a word that leads it astray', { retry: 5 }, () => {
  // Merges from the left: of an odd number of letters, every longest token but the last ones is right.
  const model = new BPE(Vocabulary.fromTokens(['a', 'aa', 'aaaa', 'aaaaaaaa']), [
    ['a', 'a'],
    ['aa', 'aa'],
    ['aaaa', 'aaaa'],
  ])
  const time = (length: number) => {
    const units = unitsOf('a'.repeat(length))
    const out = new TokenBuffer()
    const start = process.cpuUsage()
    model.tokenizeUnits(units, 0, length, out)
    return process.cpuUsage(start).user / 1000
  }
  time(10_007)
  expect(time(160_007)).toBeLessThan(16 * 10 * Math.max(4, time(10_007)))
})
