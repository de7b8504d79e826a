import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'
import { entropy, softmax } from '../softmax.ts'
import { type KeepOptions, minTokensOf } from './keep-best.ts'

/**
 * Locally typical sampling: keeps the tokens whose information -log p is nearest to the entropy of the distribution, until their
 * probabilities sum to at least `mass`.
 *
 * @param mass between 0 and 1
 * @see Meister et al. 2023, "Locally typical sampling"
 */
export function typicalP(mass: number, options: KeepOptions = {}): LogitsProcessor {
  if (!(mass > 0 && mass < 1)) {
    throw new HeddleError('config', `typicalP: expected a number between 0 and 1, got ${mass}.`)
  }
  const count = minTokensOf('typicalP', options)
  return (logits) => {
    const probabilities = softmax(logits)
    const mean = entropy(probabilities)
    const distances = probabilities.map((p) => Math.abs(-Math.log(p) - mean)) // Infinity for p = 0
    const order = Uint32Array.from(logits.keys()).sort((a, b) => {
      const [x, y] = [distances[a]!, distances[b]!]
      return x === y ? a - b : x - y // Infinity less Infinity is no number
    })
    let sum = 0
    let last = 0
    for (; last < order.length - 1; last++) {
      sum += probabilities[order[last]!]!
      if (sum >= mass) break
    }
    const farthest = distances[order[last]!]!
    for (const [rank, token] of order.entries()) {
      if (rank >= count && distances[token]! > farthest) logits[token] = Number.NEGATIVE_INFINITY
    }
  }
}
