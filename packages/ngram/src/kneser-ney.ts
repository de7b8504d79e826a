import type { Turns } from '@heddle/core'
import { type NgramTrie, suffixesOf, type TrieLevel } from './ngram-trie.ts'

/** Contexts of a turn of some milliseconds. */
const TURN = 1 << 14

/** Discounts of counts of 1, of 2, and of 3 or more. */
export interface Discounts {
  readonly values: readonly [number, number, number]
  /** Whether they are estimated from the counts. Texts that are too small or too uniform have fixed discounts. */
  readonly estimated: boolean
}

/** Probabilities of one level, parallel to the arrays of its `TrieLevel`. */
interface KneserNeyLevel {
  /** P(last token | the tokens before it), interpolated with the shorter contexts. */
  readonly probabilities: Float64Array
  /** The weight of shorter contexts after each n-gram: γ(n-gram). */
  readonly backoff: Float64Array
}

export interface KneserNeyTables {
  readonly discounts: readonly Discounts[]
  readonly levels: readonly KneserNeyLevel[]
  /** The weight of the uniform distribution after the empty context: γ(). */
  readonly uniformWeight: number
}

// KenLM's --discount_fallback.
const FALLBACK = [0.5, 1, 1.5] as const

/**
 * Estimates the discounts of modified Kneser-Ney from the numbers n_c of n-grams with count c:
 * Y = n1 / (n1 + 2 n2), D1 = 1 - 2 Y n2/n1, D2 = 2 - 3 Y n3/n2, D3+ = 3 - 4 Y n4/n3.
 *
 * If one of them is undefined or not in (0, c], the discounts are 0.5, 1 and 1.5.
 *
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling", equation 17
 */
export function estimateDiscounts(counts: Iterable<number>): Discounts {
  const n = [0, 0, 0, 0, 0]
  for (const count of counts) if (count >= 1 && count <= 4) n[count]!++
  const [, n1, n2, n3, n4] = n as [number, number, number, number, number]
  const Y = n1 / (n1 + 2 * n2)
  const values = [1 - (2 * Y * n2) / n1, 2 - (3 * Y * n3) / n2, 3 - (4 * Y * n4) / n3] as const
  const estimated = values.every((value, i) => value > 0 && value <= i + 1)
  return { values: estimated ? values : FALLBACK, estimated }
}

/**
 * Turns counts into interpolated probabilities:
 * P(w | h) = (c(h w) - D(c(h w))) / c(h ·) + γ(h) P(w | h'), γ(h) = Σ_w D(c(h w)) / c(h ·),
 * with h' the context h without its first token, and 1 / vocabSize below the empty context.
 *
 * @param begin the token that is never predicted. It is not in the distribution of the empty context
 */
export function* kneserNey(trie: NgramTrie, vocabSize: number, begin: number): Turns<KneserNeyTables> {
  const suffixes = yield* suffixesOf(trie)
  const discounts = trie.map(({ tokens, counts }, k) => estimateDiscounts(predicted(counts, tokens, k, begin)))
  const levels: KneserNeyLevel[] = trie.map(({ tokens }) => ({
    probabilities: new Float64Array(tokens.length),
    backoff: new Float64Array(tokens.length).fill(1),
  }))
  let uniformWeight = 1
  for (const [k, level] of trie.entries()) {
    const discount = [0, ...discounts[k]!.values] as [number, number, number, number]
    for (let from = 0; from + 1 < level.starts.length; from += TURN) {
      smooth(k, level, discount, { from, to: Math.min(from + TURN, level.starts.length - 1) })
      yield
    }
  }
  return { discounts, levels, uniformWeight }

  /** Probabilities of the n-grams that extend some contexts. */
  function smooth(
    k: number,
    { tokens, counts, starts }: TrieLevel,
    discount: readonly [number, number, number, number],
    contexts: { readonly from: number; readonly to: number },
  ): void {
    const { probabilities } = levels[k]!
    for (let context = contexts.from; context < contexts.to; context++) {
      const from = starts[context]!
      const to = starts[context + 1]!
      let total = 0
      let left = 0
      for (let i = from; i < to; i++) {
        if (k === 0 && tokens[i] === begin) continue
        total += counts[i]!
        left += discount[Math.min(counts[i]!, 3)]!
      }
      // A context without counts leaves everything to shorter ones.
      const weight = total === 0 ? 1 : left / total
      if (k === 0) uniformWeight = weight
      else levels[k - 1]!.backoff[context] = weight
      for (let i = from; i < to; i++) {
        if (k === 0 && tokens[i] === begin) continue
        const own = total === 0 ? 0 : (counts[i]! - discount[Math.min(counts[i]!, 3)]!) / total
        const shorter = k === 0 ? 1 / vocabSize : levels[k - 1]!.probabilities[suffixes[k]![i]!]!
        probabilities[i] = own + weight * shorter
      }
    }
  }
}

function predicted(
  counts: TrieLevel['counts'],
  tokens: TrieLevel['tokens'],
  k: number,
  begin: number,
): Iterable<number> {
  return k === 0 ? counts.filter((_, i) => tokens[i] !== begin) : counts
}
