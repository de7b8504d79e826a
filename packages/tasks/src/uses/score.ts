import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import type { TokenScoresExhibit } from '../exhibits/token-scores.ts'
import type { Abortable } from '../task/pipeline.ts'
import { AbilityKind } from './ability.ts'
import type { TextToken } from './read-text.ts'
import { abilityOf, usePoint } from './use.ts'

// T tokens of the text

/** The probability of a text, token by token. */
export interface TextScore {
  readonly tokens: readonly TextToken[] // T
  /** ln p(token | all before it); the first one stands at the start of a line. */
  readonly logProbabilities: readonly number[] // T
}

/** Scores a text by its probability for a language model. */
export interface TextScorer {
  scoreText(text: string, options?: Abortable): Promise<TextScore>
}

export const scoring = new AbilityKind<TextScorer>('score')

/** Information in bits of an event with this natural logarithm of its probability. */
const surprise = (logProbability: number) => -logProbability / Math.LN2

/**
 * `heddle score`: the probability of texts.
 *
 * @see Shannon 1951, "Prediction and entropy of printed English"
 */
export const scoreUse = usePoint.of({
  name: 'score',
  summary: 'show how probable a language model finds a text, token by token',
  config: z.strictObject({}),
  create: (_, context) => {
    const scorer = abilityOf(context, scoring)
    return async (inputs) => {
      const scores: Scored[] = []
      for (const text of inputs) scores.push(scored(text, await scorer.scoreText(text, { signal: context.signal })))
      return {
        outputs: scores.map(({ text, total }) => `${oneLine(text)}: ${described(total)}`),
        json: scores.map(({ text, tokens, logProbabilities, total }) => ({
          text,
          ...total,
          tokens: tokens.map((token, i) => ({
            token: token.text,
            logProbability: logProbabilities[i],
            bits: surprise(logProbabilities[i]!),
          })),
        })),
        rows: scores.map(({ total }) => total),
        exhibits: scores.map(
          ({ text, tokens, logProbabilities }): TokenScoresExhibit => ({
            kind: 'token-scores',
            title: `Surprise: ${oneLine(text)}`,
            tokens,
            logProbabilities,
          }),
        ),
      }
    }
  },
})

interface Scored extends TextScore {
  readonly text: string
  readonly total: {
    readonly logProbability: number
    readonly bits: number
    readonly perplexity: number
    readonly numTokens: number
  }
}

function scored(text: string, { tokens, logProbabilities }: TextScore): Scored {
  const numTokens = tokens.length
  if (numTokens === 0) {
    throw new HeddleError('data', 'score: expected a text of at least one token, got none. Leave out empty texts.')
  }
  const logProbability = logProbabilities.reduce((sum, each) => sum + each, 0)
  const perplexity = Math.exp(-logProbability / numTokens)
  return {
    text,
    tokens,
    logProbabilities,
    total: { logProbability, bits: surprise(logProbability), perplexity, numTokens },
  }
}

function described({ logProbability, bits, perplexity, numTokens }: Scored['total']): string {
  const over = `${numTokens} ${numTokens === 1 ? 'token' : 'tokens'}`
  return `log-probability ${logProbability.toFixed(2)}, ${bits.toFixed(2)} bits, perplexity ${perplexity.toFixed(2)} over ${over}`
}

/** Characters of a text that stand in a heading. */
const SHOWN = 48

function oneLine(text: string): string {
  const line = [...text.replaceAll(/\s+/gu, ' ')]
  return line.length <= SHOWN ? line.join('') : `${line.slice(0, SHOWN - 1).join('')}…`
}
