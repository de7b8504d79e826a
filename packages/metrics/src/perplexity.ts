import { HeddleError, show } from '@heddle/core'
import { z } from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/**
 * exp(negativeLogLikelihood / numTokens): how many equally likely tokens the model is as unsure among.
 *
 * @param negativeLogLikelihood in nats, the sum over all tokens
 * @see Jelinek et al. 1977, "Perplexity - a measure of the difficulty of speech recognition tasks"
 */
export function perplexity(negativeLogLikelihood: number, numTokens: number): number {
  check('perplexity', negativeLogLikelihood, numTokens)
  return Math.exp(negativeLogLikelihood / numTokens)
}

/**
 * negativeLogLikelihood / (numCharacters · ln 2).
 *
 * Divided by the characters of the text, also when the model's tokens are longer, so that models with other tokens compare.
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
      `${where}: expected a negative log-likelihood of at least 0, got ${show(negativeLogLikelihood)}.`,
    )
  }
  if (!(count > 0)) throw new HeddleError('data', `${where}: expected a count above 0, got ${show(count)}.`)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Contribution `perplexity`: of each sequence its negative log-likelihood, and as reference the number of its tokens. */
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

/** Contribution `bitsPerCharacter`: of each text its negative log-likelihood, and as reference the number of its characters. */
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
