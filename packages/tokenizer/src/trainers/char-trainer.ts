import { z } from 'zod'
import { Char } from '../models/char.ts'
import type { AddedToken, AddedTokenInput } from '../pipeline/added-token.ts'
import { type Trainer, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { compareCodePoints, specialTokensOf } from './training.ts'

export interface CharTrainerOptions {
  readonly specialTokens?: readonly AddedTokenInput[]
  /** What unknown characters become; one of the special tokens. Without it, an unknown character is an error. */
  readonly unkToken?: string | null
}

/** All characters of the text, in the order of their code points. */
export class CharTrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #unkToken: string | null

  constructor(options: CharTrainerOptions = {}) {
    this.specialTokens = specialTokensOf(options.specialTokens)
    this.#unkToken = options.unkToken ?? null
  }

  train(counts: ReadonlyMap<string, number>): Char {
    const characters = new Set<string>()
    for (const piece of counts.keys()) for (const character of piece) characters.add(character)
    const special = new Set(this.specialTokens.map(({ content }) => content))
    const ordered = [...characters].filter((character) => !special.has(character)).sort(compareCodePoints)
    return new Char(Vocabulary.fromTokens([...special, ...ordered]), { unkToken: this.#unkToken })
  }
}

export const charTrainer = trainerPoint.of({
  name: 'CharTrainer',
  summary: 'all characters of the text',
  config: z.strictObject({
    specialTokens: z.array(z.string()).default([]).describe('tokens that come first in the vocabulary'),
    unkToken: z.string().nullable().default(null).describe('what unknown text becomes'),
  }),
  create: (config) => new CharTrainer(config),
})
