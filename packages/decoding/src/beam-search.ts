import { HeddleError, periodicYield } from '@heddle/core'
import type { Decoded } from './decoded.ts'
import { type DecodingOptions, planDecoding } from './decoding-options.ts'
import { composeProcessors, type LogitsProcessor } from './logits-processor.ts'
import type { StepModel } from './step-model.ts'
import { type Scores, Stepper } from './stepper.ts'
import { TopCandidates } from './top-candidates.ts'

export interface BeamSearchOptions extends DecodingOptions {
  /** Number of sequences that are followed at once. */
  readonly width: number
  /** Number of sequences to return for each row, at most `width` (default 1). */
  readonly nBest?: number
  /** The score is Σ log p / length^lengthPenalty: above 0 favors long sequences, below 0 short ones (default 1). */
  readonly lengthPenalty?: number
  /**
   * true ends a row as soon as `width` sequences are complete. false (default) ends it once the best open sequence, at its
   * present length, scores no better than the worst complete one; 'never' once it could not at any length.
   */
  readonly earlyStopping?: boolean | 'never'
}

/** A sequence that beam search found. */
export interface Hypothesis extends Decoded {
  /** Σ log p after processors / length^lengthPenalty, the end symbol counted; sequences are ranked by it. */
  readonly score: number
}

interface Beam {
  readonly history: readonly number[]
  readonly ids: readonly number[]
  /** Σ of processed log probabilities. */
  readonly sum: number
  readonly logProbability: number
  /** Tokens decoded, the end symbol counted. */
  readonly length: number
  readonly attention: readonly Float32Array[]
}

/** The search for one row of the batch. */
interface Search {
  readonly promptLength: number
  /** Tokens of the prompt that were fed. */
  fed: number
  beams: Beam[]
  complete: Hypothesis[]
  done: boolean
}

/**
 * Beam search over a batch. Follows the `width` most probable sequences of each row, and returns the complete ones with the best
 * scores. Length penalty, early stopping and the order of processors are those of transformers' `generate`.
 *
 * The state's rows follow the beams; each row has as many as it needs, so nothing is computed for a row that is done.
 *
 * @returns for each row its `nBest` sequences (or fewer, when fewer exist), best first
 */
export async function beamSearch<S>(
  model: StepModel<S>,
  initialState: S,
  options: BeamSearchOptions,
): Promise<Hypothesis[][]> {
  const { prompts, ends, processors } = planDecoding('beamSearch', options)
  const { width, nBest = 1, attention = false, signal } = options
  if (!Number.isSafeInteger(width) || width < 1) {
    throw new HeddleError('config', `beamSearch: expected width to be a whole number above 0, got ${width}.`)
  }
  if (!Number.isSafeInteger(nBest) || nBest < 1 || nBest > width) {
    throw new HeddleError('config', `beamSearch: expected nBest from 1 to width (${width}), got ${nBest}.`)
  }
  const searches = prompts.map((prompt): Search => {
    const beam: Beam = { history: prompt, ids: [], sum: 0, logProbability: 0, length: 0, attention: [] }
    return { promptLength: prompt.length, fed: 0, beams: [beam], complete: [], done: false }
  })
  const process = processors.length === 0 ? undefined : composeProcessors(processors)
  const stepper = new Stepper('beamSearch', model, initialState)
  const yieldNow = periodicYield(signal)
  let count = stepper.atFirst(prompts)
  try {
    signal?.throwIfAborted()
    while (searches.some(({ done }) => !done)) {
      const open = searches.filter(({ done }) => !done)
      const tokens = open.flatMap(({ beams, fed }) => beams.map(({ history }) => history.slice(fed, fed + count)))
      const scores = await stepper.step(tokens, attention)
      // Row of the state that each beam of the next step continues.
      const parents: number[] = []
      let first = 0
      for (const search of open) {
        const rows = search.beams.length
        search.fed = Math.min(search.fed + count, search.beams[0]!.history.length)
        if (search.fed < search.promptLength) parents.push(first)
        else parents.push(...extend(search, scores, first, process, ends, options))
        first += rows
      }
      count = 1
      const unchanged = parents.length === tokens.length && parents.every((parent, i) => parent === i)
      if (parents.length > 0 && !unchanged) stepper.select(parents)
      await yieldNow()
    }
  } finally {
    stepper.dispose()
  }
  return searches.map(({ complete, beams }) => {
    // Open beams count only when nothing is complete, as every token was forbidden.
    const found = complete.length > 0 ? complete : beams.map((beam) => hypothesis(beam, false, options))
    return found
      .slice(0, nBest)
      .map(({ attention: weights, ...rest }) => (attention && weights ? { ...rest, attention: weights } : rest))
  })
}

/**
 * Extends a search by one token.
 *
 * @param first the state's row of the search's first beam
 * @returns the state's row of the parent of each new beam
 */
function extend(
  search: Search,
  scores: Scores,
  first: number,
  process: LogitsProcessor | undefined,
  ends: ReadonlySet<number>,
  options: BeamSearchOptions,
): number[] {
  const { width, maxLength, stop } = options
  const V = scores.vocabularySize
  const S = (scores.attention?.length ?? 0) / scores.normalizers.length
  const length = search.fed - search.promptLength + 1
  // Each beam can end in as many ways as there are end symbols; this many candidates leave at least `width` open ones.
  const candidates = new TopCandidates((1 + ends.size) * width)
  for (const [i, beam] of search.beams.entries()) {
    const row = scores.logits.subarray((first + i) * V, (first + i + 1) * V)
    const normalizer = scores.normalizers[first + i]!
    if (process === undefined) candidates.offer(row, beam.sum - normalizer, i)
    else {
      const logProbabilities = row.map((logit) => logit - normalizer)
      process(logProbabilities, { history: beam.history, generated: length - 1 })
      candidates.offer(logProbabilities, beam.sum, i)
    }
  }
  const beams: Beam[] = []
  const parents: number[] = []
  for (const [rank, { row: i, token, score }] of candidates.sorted().entries()) {
    const parent = search.beams[i]!
    const isEnd = ends.has(token)
    const at = first + i
    const beam: Beam = {
      history: [...parent.history, token],
      ids: isEnd ? parent.ids : [...parent.ids, token],
      sum: score,
      logProbability: parent.logProbability + scores.logits[at * V + token]! - scores.normalizers[at]!,
      length,
      attention:
        isEnd || scores.attention === undefined
          ? parent.attention
          : [...parent.attention, scores.attention.slice(at * S, (at + 1) * S)],
    }
    const finished = isEnd || stop?.(beam.ids) === true
    if (finished || length >= maxLength) {
      if (rank < width) search.complete.push(hypothesis(beam, finished, options))
    } else if (beams.length < width) {
      beams.push(beam)
      parents.push(at)
    }
  }
  search.complete.sort((a, b) => b.score - a.score)
  search.complete.length = Math.min(search.complete.length, width)
  if (beams.length === 0 || cannotImprove(search, beams[0]!, length, options)) {
    search.done = true
    if (beams.length > 0) search.beams = beams
    return []
  }
  search.beams = beams
  return parents
}

function cannotImprove(
  { complete }: Search,
  best: Beam,
  length: number,
  { width, maxLength, lengthPenalty = 1, earlyStopping = false }: BeamSearchOptions,
): boolean {
  if (complete.length < width) return false
  if (earlyStopping === true) return true
  const hypotheticalLength = earlyStopping === 'never' && lengthPenalty > 0 ? maxLength : length
  return best.sum / hypotheticalLength ** lengthPenalty <= complete.at(-1)!.score
}

function hypothesis(beam: Beam, finished: boolean, { lengthPenalty = 1 }: BeamSearchOptions): Hypothesis {
  return {
    ids: [...beam.ids],
    logProbability: beam.logProbability,
    score: beam.sum / Math.max(1, beam.length) ** lengthPenalty,
    finished,
    attention: [...beam.attention],
  }
}
