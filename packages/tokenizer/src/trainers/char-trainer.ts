import * as schema from '../config/schema.ts'
import { Char } from '../models/char.ts'
import { type Trainer, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import type { AddedToken, AddedTokenInput } from '../text/added-token.ts'
import { compareCodePoints, specialTokensOf } from './training.ts'

export interface CharTrainerOptions {
  readonly specialTokens?: readonly AddedTokenInput[]
  /** Token for unknown characters, one of the special tokens. Without it, an unknown character is an error. */
  readonly unkToken?: string | null
}

/** Keeps all characters of the text, in code point order. */
export class CharTrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #unkToken: string | null

  constructor(options: CharTrainerOptions = {}) {
    this.specialTokens = specialTokensOf(options.specialTokens)
    this.#unkToken = options.unkToken ?? null
  }

  train(counts: ReadonlyMap<string, number>): Char {
    const characters = new Set<string>()
    for (const preToken of counts.keys()) for (const character of preToken) characters.add(character)
    const special = new Set(this.specialTokens.map(({ content }) => content))
    const ordered = [...characters].filter((character) => !special.has(character)).sort(compareCodePoints)
    return new Char(Vocabulary.fromTokens([...special, ...ordered]), { unkToken: this.#unkToken })
  }
}

export const charTrainer = trainerPoint.of({
  name: 'CharTrainer',
  summary: 'all characters of the text',
  config: schema.strictObject({
    specialTokens: schema.array(schema.string()).default([]).describe('tokens that come first in the vocabulary'),
    unkToken: schema.string().nullable().default(null).describe('token for unknown text'),
  }),
  create: (config) => new CharTrainer(config),
})
