import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/**
 * Returns exp(negativeLogLikelihood / numTokens): the model is as uncertain as if it chose between this many tokens.
 *
 * @param negativeLogLikelihood in nats, the sum over all tokens
 * @see Jelinek et al. 1977, "Perplexity - a measure of the difficulty of speech recognition tasks"
 */
export function perplexity(negativeLogLikelihood: number, numTokens: number): number {
  check('perplexity', negativeLogLikelihood, numTokens)
  return Math.exp(negativeLogLikelihood / numTokens)
}

/**
 * Returns negativeLogLikelihood / (numCharacters · ln 2).
 *
 * The divisor is the number of characters even when the tokens of the model are longer, so models with different tokens compare.
 *
 * @param negativeLogLikelihood in nats, the sum over all tokens
 */
export function bitsPerCharacter(negativeLogLikelihood: number, numCharacters: number): number {
  check('bitsPerCharacter', negativeLogLikelihood, numCharacters)
  return negativeLogLikelihood / (numCharacters * Math.LN2)
}

function check(where: string, negativeLogLikelihood: number, count: number): void {
  if (!(negativeLogLikelihood >= 0)) {
    throw new HeddleError(
      'data',
      `${where}: expected a negative log-likelihood of at least 0, got ${show(negativeLogLikelihood)}. Pass the sum of -ln P.`,
    )
  }
  if (!(count > 0))
    throw new HeddleError(
      'data',
      `${where}: expected a count above 0, got ${show(count)}. Count the tokens or characters of the text.`,
    )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Contribution `perplexity`. A prediction is the negative log-likelihood of a sequence, its reference the number of tokens. */
export const perplexityMetric = metricPoint.of({
  name: 'perplexity',
  summary: 'Perplexity, from negative log-likelihoods in nats and numbers of tokens.',
  config: z.strictObject({}),
  create: () => ({
    values: [
      {
        name: 'perplexity',
        summary: 'the model is as uncertain as if it chose between this many tokens',
        better: 'lower',
      },
    ],
    compute(negativeLogLikelihoods: readonly number[], numTokens: readonly number[]) {
      checkPairs('perplexity', negativeLogLikelihoods, numTokens)
      return { perplexity: perplexity(sum(negativeLogLikelihoods), sum(numTokens)) }
    },
  }),
})

/** Contribution `bitsPerCharacter`. A prediction is the negative log-likelihood of a text, its reference the number of characters. */
export const bitsPerCharacterMetric = metricPoint.of({
  name: 'bitsPerCharacter',
  summary: 'Bits per character, from negative log-likelihoods in nats and numbers of characters.',
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'bitsPerCharacter', summary: 'bits per character', better: 'lower' }],
    compute(negativeLogLikelihoods: readonly number[], numCharacters: readonly number[]) {
      checkPairs('bitsPerCharacter', negativeLogLikelihoods, numCharacters)
      return { bitsPerCharacter: bitsPerCharacter(sum(negativeLogLikelihoods), sum(numCharacters)) }
    },
  }),
})
