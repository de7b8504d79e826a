import { readFileSync } from 'node:fs'
import { useCpu } from '@heddle/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beamSearch, greedy, minP, noRepeatNgram, repetitionPenalty, temperature, topK, topP } from './index.ts'
import { MarkovModel } from './test-support/markov-model.ts'

interface Settings {
  num_beams?: number
  num_return_sequences?: number
  length_penalty?: number
  early_stopping?: boolean | 'never'
  no_repeat_ngram_size?: number
  repetition_penalty?: number
  min_new_tokens?: number
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/transformers.json', import.meta.url), 'utf8')) as {
  end: number
  table: number[][][]
  generate: { settings: Settings; prompt: number[][]; sequences: number[][]; scores: number[] | null }[]
  processors: { name: string; value: number; history: number[]; logits: number[]; result: (number | null)[] }[]
}

const END = fixture.end
let model: MarkovModel

beforeAll(async () => {
  await useCpu()
  model = new MarkovModel(Float32Array.from(fixture.table.flat(2)), fixture.table.length)
})
afterAll(() => model.dispose())

/** A sequence up to its end symbol, as transformers pads it. */
const withoutEnd = (ids: number[]) => (ids.includes(END) ? ids.slice(0, ids.indexOf(END)) : ids)

describe('decoding equals transformers.generate', () => {
  it.each(fixture.generate.map((entry) => [JSON.stringify(entry.settings), entry.prompt.length, entry] as const))(
    '%s, %i rows',
    async (_, rows, { settings, prompt, sequences, scores }) => {
      const shared = {
        prompt,
        end: END,
        maxLength: 12,
        minLength: settings.min_new_tokens ?? 0,
        repetitionPenalty: settings.repetition_penalty ?? 1,
        ...(settings.no_repeat_ngram_size && { noRepeatNgram: settings.no_repeat_ngram_size }),
      }
      const state = model.initialState(rows)
      const expected = sequences.map(withoutEnd)
      if (settings.num_beams === undefined) {
        const decoded = await greedy(model, state, shared)
        expect(decoded.map(({ ids }) => ids)).toEqual(expected)
        expect(decoded.map(({ finished }) => finished)).toEqual(sequences.map((ids) => ids.includes(END)))
      } else {
        const decoded = await beamSearch(model, state, {
          ...shared,
          width: settings.num_beams,
          nBest: settings.num_return_sequences ?? 1,
          lengthPenalty: settings.length_penalty ?? 1,
          earlyStopping: settings.early_stopping ?? false,
        })
        expect(decoded.flat().map(({ ids }) => ids)).toEqual(expected)
        for (const [i, { score }] of decoded.flat().entries()) expect(score).toBeCloseTo(scores![i]!, 4)
      }
      state.previous.dispose()
    },
  )
})

describe('processors equal those of transformers', () => {
  const makers = { temperature, topK, topP, minP, repetitionPenalty, noRepeatNgram }
  it.each(fixture.processors.map((entry) => [entry.name, entry.value, entry] as const))(
    '%s(%d)',
    (name, value, { history, logits, result }) => {
      const row = Float32Array.from(logits)
      makers[name as keyof typeof makers](value)(row, { history, generated: 3 })
      for (const [i, expected] of result.entries()) {
        if (expected === null) expect(row[i], `token ${i}`).toBe(Number.NEGATIVE_INFINITY)
        else expect(row[i], `token ${i}`).toBeCloseTo(expected, 5)
      }
    },
  )
})
