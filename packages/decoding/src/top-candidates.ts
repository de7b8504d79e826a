/** A token that may come next in a row. */
export interface Candidate {
  readonly row: number
  readonly token: number
  readonly score: number
}

/** Keeps the best of many candidates in a short ordered list; nearly every token scores below its last entry and costs one comparison. */
export class TopCandidates {
  readonly #capacity: number
  readonly #best: Candidate[] = []
  #threshold = Number.NEGATIVE_INFINITY

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Offers every token of a row with the score `scores[token] + base`; -Infinity (and NaN) is no candidate. */
  offer(scores: Float32Array, base: number, row: number): void {
    for (let token = 0; token < scores.length; token++) {
      const score = scores[token]! + base
      if (score > this.#threshold) this.#insert({ row, token, score })
    }
  }

  /** Best first; of equal ones the one offered first. */
  sorted(): readonly Candidate[] {
    return this.#best
  }

  #insert(candidate: Candidate): void {
    const best = this.#best
    if (best.length === this.#capacity) best.pop()
    let at = best.length
    while (at > 0 && best[at - 1]!.score < candidate.score) at--
    best.splice(at, 0, candidate)
    if (best.length === this.#capacity) this.#threshold = best.at(-1)!.score
  }
}
