import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type BleuOptions, bleu, sentenceBleu } from './bleu.ts'
import { bleuTokens } from './bleu-tokenize.ts'
import { type ChrfOptions, chrf } from './chrf.ts'
import { characterErrorRate, wordErrorRate } from './error-rate.ts'
import { rouge } from './rouge.ts'
import { trimEnd } from './words.ts'

// Written by fixtures/make_fixtures.py with sacreBLEU and independent code.
const reference = JSON.parse(readFileSync(new URL('../fixtures/reference.json', import.meta.url), 'utf8'))
const predictions: string[] = reference.predictions
const references: string[][] = reference.references
const firsts = references.map((list) => list[0]!)

const optionNames: Record<string, string> = {
  smooth_method: 'smoothing',
  smooth_value: 'smoothingValue',
  tokenize: 'tokenizer',
  max_ngram_order: 'maxOrder',
  char_order: 'charOrder',
  word_order: 'wordOrder',
}
const optionsOf = (options: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [optionNames[name] ?? name, value]))
interface Entry {
  readonly options: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: values of a fixture
  readonly [key: string]: any
}

const cases = (entries: Entry[]): [string, Entry][] => entries.map((entry) => [JSON.stringify(entry.options), entry])

describe('the reference tools', () => {
  it.each(reference.tokens_13a as [string, string][])('cut %j into the same 13a tokens', (text, tokens) => {
    expect(bleuTokens(trimEnd(text), '13a').join(' ')).toBe(tokens)
  })

  it.each(cases(reference.bleu))('give the same BLEU with %s', (_, entry) => {
    const options: BleuOptions = optionsOf(entry.options)
    const score = bleu(predictions, references, options)
    expect(score.bleu).toBeCloseTo(entry.score, 9)
    expect(score.brevityPenalty).toBeCloseTo(entry.brevity_penalty, 12)
    expect([score.predictionLength, score.referenceLength]).toEqual([entry.prediction_length, entry.reference_length])
    for (const [n, precision] of entry.precisions.entries()) expect(score.precisions[n]).toBeCloseTo(precision, 9)
    const smoothed = bleu(reference.smoothed[0], reference.smoothed[1], options)
    expect(smoothed.bleu).toBeCloseTo(entry.smoothed, 9)
    for (const [n, precision] of entry.smoothed_precisions.entries())
      expect(smoothed.precisions[n]).toBeCloseTo(precision, 9)
    expect(bleu(['', 'the cat', 'dog'], ['a b c', 'the cat sat down', 'a dog'], options).bleu).toBeCloseTo(
      entry.short_corpus,
      9,
    )
    for (const [i, text] of predictions.entries()) {
      expect(sentenceBleu(text, references[i]!, options).bleu).toBeCloseTo(entry.sentences[i], 9)
    }
  })

  it.each(cases(reference.chrf))('give the same chrF with %s', (_, entry) => {
    const options: ChrfOptions = optionsOf(entry.options)
    expect(chrf(predictions, references, options)).toBeCloseTo(entry.score, 9)
    for (const [i, text] of predictions.entries()) {
      expect(chrf([text], [references[i]!], options)).toBeCloseTo(entry.sentences[i], 9)
    }
  })

  it('give the same ROUGE', () => {
    for (const [i, text] of predictions.entries()) {
      const score = rouge([text], [firsts[i]!])
      for (const name of ['rouge1', 'rouge2', 'rougeL'] as const) {
        for (const part of ['precision', 'recall', 'f1'] as const) {
          expect(score[name][part]).toBeCloseTo(reference.rouge[i][name][part], 12)
        }
      }
    }
  })

  it('give the same error rates and counts', () => {
    expect(wordErrorRate(predictions, firsts)).toEqual(reference.wer)
    expect(characterErrorRate(predictions, firsts)).toEqual(reference.cer)
  })
})
