import { periodicYield } from '@heddle/core'
import type { Decoded } from './decoded.ts'
import { type DecodingOptions, planDecoding } from './decoding-options.ts'
import { composeProcessors } from './logits-processor.ts'
import type { Sampler } from './sampler.ts'
import type { StepModel } from './step-model.ts'
import { Stepper } from './stepper.ts'

/** A token, given as soon as it is chosen. */
export interface TokenEvent {
  readonly row: number
  readonly token: number
  /** log p of the model itself, before temperature, penalties and other processors. */
  readonly logProbability: number
  /** The row's tokens so far, without the prompt and the end symbol. */
  readonly ids: readonly number[]
  /** Whether the row is complete with this token. */
  readonly finished: boolean
}

interface Row {
  readonly index: number
  readonly prompt: readonly number[]
  readonly history: number[]
  readonly ids: number[]
  readonly attention: Float32Array[]
  readonly sampler: Sampler
  logProbability: number
  /** Number of tokens of the history that were fed. */
  fed: number
  steps: number
  ended: boolean
  finished: boolean
}

/**
 * Decodes a batch with one sampler a row, and yields every token as it is chosen. Greedy decoding and sampling call it.
 *
 * Rows that are complete are set aside: the batch shrinks as soon as a quarter of it is complete. When the consumer stops
 * early, everything is freed.
 *
 * @param sampler makes the sampler of a row
 * @returns the sequences, in the order of the rows
 */
export async function* decode<S>(
  model: StepModel<S>,
  initialState: S,
  sampler: (row: number) => Sampler,
  options: DecodingOptions,
  where = 'decode',
): AsyncGenerator<TokenEvent, Decoded[]> {
  const { prompts, ends, processors } = planDecoding(where, options)
  const { maxLength, attention: wantsAttention = false, stop, signal } = options
  const process = composeProcessors(processors)
  const rows = prompts.map((prompt, index): Row => {
    const history = [...prompt]
    const counters = { logProbability: 0, fed: 0, steps: 0, ended: false, finished: false }
    return { index, prompt, history, ids: [], attention: [], sampler: sampler(index), ...counters }
  })
  const stepper = new Stepper(where, model, initialState)
  let live = rows
  let attends = false
  const yieldNow = periodicYield(signal)
  let count = stepper.atFirst(prompts)
  try {
    signal?.throwIfAborted()
    while (live.some((row) => !row.ended)) {
      const scores = await stepper.step(
        live.map(({ history, fed }) => history.slice(fed, fed + count)),
        wantsAttention,
      )
      const fed = count
      count = 1
      const V = scores.vocabularySize
      attends = scores.attention !== undefined
      for (const [i, row] of live.entries()) {
        if (row.ended) continue
        row.fed = Math.min(row.fed + fed, row.history.length)
        if (row.fed < row.history.length) continue
        const logits = scores.logits.slice(i * V, (i + 1) * V)
        process(logits, { history: row.history, generated: row.steps })
        const token = row.sampler.choose(logits, { history: row.history, generated: row.steps })
        const logProbability = scores.logits[i * V + token]! - scores.normalizers[i]!
        row.logProbability += logProbability
        row.history.push(token)
        row.steps++
        const isEnd = ends.has(token)
        if (!isEnd) {
          row.ids.push(token)
          if (scores.attention !== undefined) {
            const S = scores.attention.length / live.length
            row.attention.push(scores.attention.slice(i * S, (i + 1) * S))
          }
        }
        row.finished = isEnd || stop?.(row.ids) === true
        row.ended = row.finished || row.steps >= maxLength
        yield { row: row.index, token, logProbability, ids: row.ids, finished: row.ended }
      }
      const open = live.flatMap((row, i) => (row.ended ? [] : [i]))
      if (open.length > 0 && open.length <= 0.75 * live.length) {
        stepper.select(open)
        live = open.map((i) => live[i]!)
      }
      await yieldNow()
    }
  } finally {
    stepper.dispose()
  }
  return rows.map(({ ids, logProbability, finished, attention }) => {
    const decoded = { ids, logProbability, finished }
    return attends ? { ...decoded, attention } : decoded
  })
}

/** Runs a decoding to its end and returns the sequences. */
export async function collect(
  tokens: AsyncGenerator<TokenEvent, Decoded[]>,
  onToken?: (event: TokenEvent) => void,
): Promise<Decoded[]> {
  for (;;) {
    const { value, done } = await tokens.next()
    if (done) return value
    onToken?.(value)
  }
}
