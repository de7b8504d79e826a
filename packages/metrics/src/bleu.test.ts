import { describe, expect, it } from 'vitest'
import { bleu, sentenceBleu } from './bleu.ts'

describe('bleu', () => {
  it('clips repeated words: 2 of 7 in the worked example of Papineni et al.', () => {
    const { precisions } = bleu(
      ['the the the the the the the'],
      [['the cat is on the mat', 'there is a cat on the mat']],
    )
    expect(precisions[0]).toBeCloseTo((100 * 2) / 7, 12)
  })

  it('has the unigram and bigram precisions of the candidates of Papineni et al.', () => {
    const references = [
      'It is a guide to action that ensures that the military will forever heed Party commands.',
      'It is the guiding principle which guarantees the military forces always being under the command of the Party.',
      'It is the practical guide for the army always to heed the directions of the party.',
    ].map((text) => text.replace('.', ''))
    const first = bleu(
      ['It is a guide to action which ensures that the military always obeys the commands of the party'],
      [references],
    )
    const second = bleu(
      ['It is to insure the troops forever hearing the activity guidebook that party direct'],
      [references],
    )
    expect(first.precisions[0]).toBeCloseTo((100 * 17) / 18, 12)
    expect(first.precisions[1]).toBeCloseTo((100 * 10) / 17, 12)
    expect(second.precisions[0]).toBeCloseTo((100 * 8) / 14, 12)
    expect(second.precisions[1]).toBeCloseTo((100 * 1) / 13, 12)
  })

  it('is 100 for the reference and 0 without a word in common', () => {
    expect(bleu(['the cat sat on the mat'], ['the cat sat on the mat']).bleu).toBeCloseTo(100, 12)
    expect(bleu(['dogs run'], ['the cat sat on the mat']).bleu).toBe(0)
    expect(bleu([''], ['the cat']).bleu).toBe(0)
  })

  it('punishes predictions that are too short, against the nearest reference', () => {
    const { brevityPenalty, referenceLength } = bleu(['a b c d'], [['a b c d e f', 'a b c d e f g h']])
    expect(referenceLength).toBe(6)
    expect(brevityPenalty).toBeCloseTo(Math.exp(1 - 6 / 4), 12)
    expect(bleu(['a b c d'], [['a b c d e', 'a b c']]).referenceLength).toBe(3)
  })

  it('gives credit to a short sentence by itself', () => {
    expect(sentenceBleu('the cat', 'the cat').bleu).toBeCloseTo(100, 12)
    expect(bleu(['the cat'], ['the cat']).bleu).toBe(0)
  })

  it('refuses lists of unequal length, empty lists, no references and tokens in place of texts', () => {
    expect(() => bleu(['a'], [])).toThrow('bleu: expected as many predictions as references, got 1 and 0.')
    expect(() => bleu([], [])).toThrow('bleu: expected at least one prediction, got none.')
    expect(() => bleu(['a'], [[]])).toThrow('bleu: expected at least one reference for prediction 0, got [].')
    expect(() => bleu([['a', 'b']] as unknown as string[], ['a b'])).toThrow(
      'bleu: expected texts, got ["a","b"]. Decode the tokens first.',
    )
    expect(() => bleu(['a'], ['a'], { maxOrder: 0 })).toThrow('expected a maxOrder of at least 1, got 0.')
  })
})
