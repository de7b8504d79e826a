import {
  epsilonCutoff,
  etaCutoff,
  forbidSequences,
  forbidTokens,
  forceTokens,
  type LogitsProcessor,
  minimumLength,
  minP,
  noRepeatNgram,
  repetitionPenalty,
  temperature,
  topK,
  topP,
  typicalP,
} from '@heddle/decoding'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'

// B batch, T tokens so far, V vocabulary

/** A processor by the start of its name in the case; the numbers that follow are its settings. */
const processors: Record<string, (numbers: number[], history: readonly number[][]) => LogitsProcessor> = {
  temperature: ([value]) => temperature(value!),
  top_k: ([k]) => topK(k!),
  top_p: ([p, minTokensToKeep]) => topP(p!, { minTokensToKeep }),
  min_p: ([p, minTokensToKeep]) => minP(p!, { minTokensToKeep }),
  typical: ([mass, minTokensToKeep]) => typicalP(mass!, { minTokensToKeep }),
  epsilon: ([epsilon, minTokensToKeep]) => epsilonCutoff(epsilon!, { minTokensToKeep }),
  eta: ([epsilon, minTokensToKeep]) => etaCutoff(epsilon!, { minTokensToKeep }),
  repetition: ([penalty]) => repetitionPenalty(penalty!),
  no_repeat: ([size]) => noRepeatNgram(size!),
  // The cases forbid 5, and 7 after the last token of the first row.
  bad_words: (_, history) => forbidSequences([[5], [history[0]!.at(-1)!, 7]]),
  // The prompt is as long as the history: what was decoded counts from there.
  min_length: ([length, end]) => minimumLength(length!, [end!]),
  forced_bos: ([token]) => {
    const force = forceTokens(new Map([[0, token!]]))
    return (logits, context) => context.history.length === 1 && force(logits, context)
  },
  suppress: (tokens) => forbidTokens(tokens),
}

/** decoding/processors: what each logits processor makes of given scores. */
export const processorsHandler: Handler = {
  covers: (name) => name === 'decoding/processors',
  async compare(golden) {
    const ids = await rowsOf(golden, 'in.ids')
    const history = ids.map((row) => [...row])
    const comparisons: Comparison[] = []
    for (const name of setting<string[]>(golden, 'processors')) {
      const [, kind, rest] = /^([a-z]+(?:_[a-z]+)*)_?(.*)$/.exec(name.replace(/_(eos|keep)/, '_'))!
      const make = processors[kind!]
      if (make === undefined) throw new Error(`decoding/processors: there is no code for ${name}.`)
      const process = make((rest!.match(/[\d.]+/g) ?? []).map(Number), history)
      const rows = await rowsOf(golden, 'in.scores')
      for (const [b, row] of rows.entries()) {
        process(row as Float32Array, { history: history[b]!, generated: history[b]!.length })
      }
      const expected = await rowsOf(golden, `out.${name}`)
      const shape = [rows.length, rows[0]!.length]
      const actual = Float32Array.from(rows.flatMap((row) => [...row].map((x) => (x === -Infinity ? -1e30 : x))))
      comparisons.push({
        ...{ name: `out.${name}`, kind: 'value', shape, expectedShape: shape, actual },
        expected: Float32Array.from(expected.flatMap((row) => [...row])),
      })
    }
    return comparisons
  },
}

async function rowsOf(golden: GoldenCase, name: string): Promise<(Float32Array | Int32Array)[]> {
  const tensor = tensorOf(golden, name)
  const [B, V] = tensor.shape as [number, number]
  const values = (await tensor.data()) as Float32Array | Int32Array
  tensor.dispose()
  return Array.from({ length: B }, (_, b) => values.slice(b * V, (b + 1) * V))
}
