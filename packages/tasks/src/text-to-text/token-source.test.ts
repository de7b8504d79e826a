import { RandomStream } from '@heddle/core'
import { BatchSampler } from '@heddle/data'
import { trainCharTokenizer } from '@heddle/tokenizer'
import { expect, it } from 'vitest'
import { TARGET_TOKENS } from '../sequence-to-text/target-tokens.ts'
import { TokenSource } from './token-source.ts'

const tokenizer = trainCharTokenizer(['ab'], { specialTokens: TARGET_TOKENS })
const rng = new RandomStream(1)
const ids = () => Array.from({ length: 1 + rng.integer(8) }, () => 4)
const pairs = Array.from({ length: 400 }, () => ({ source: ids(), target: ids() }))

/** Padding of sources and of targets in an epoch of batches. */
function padding(batchBy: 'source' | 'pair' | 'both') {
  const reader = new TokenSource(tokenizer, batchBy)
  const batches = new BatchSampler(pairs, {
    batchSize: 10,
    length: (pair) => reader.trainingLength(pair),
    rng: rng.split(),
  })
  const sum = { source: 0, target: 0 }
  for (let i = 0; i < batches.batchesPerEpoch; i++) {
    const batch = batches.next()
    for (const side of ['source', 'target'] as const) {
      const longest = Math.max(...batch.map((pair) => pair[side].length))
      for (const pair of batch) sum[side] += longest - pair[side].length
    }
  }
  return sum
}

it('batches examples of similar sources, of similar pairs, or of similar sources and among these of similar targets', () => {
  const [source, pair, both] = [padding('source'), padding('pair'), padding('both')]
  expect(both.source).toBe(source.source)
  expect(both.target).toBeLessThan(pair.target)
  expect(pair.target).toBeLessThan(source.target)
})
