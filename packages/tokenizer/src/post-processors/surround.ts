import { Encoding } from '../encoding/encoding.ts'
import type { FixedRun, Run } from '../encoding/run.ts'

/** A special token and its id. */
export type SpecialToken = readonly [token: string, id: number]

/** An encoding and its overflowing parts between two special tokens, with one type id. */
export function surround(
  encoding: Encoding,
  before: SpecialToken | undefined,
  after: SpecialToken | undefined,
  typeId: number,
): Encoding {
  const special = (token: SpecialToken | undefined): FixedRun[] =>
    token === undefined ? [] : [{ kind: 'special', ids: Int32Array.of(token[1]), tokens: [token[0]], typeId }]
  const around = (runs: readonly Run[]): Run[] => [
    ...special(before),
    ...runs.map((run) => ({ ...run, typeId })),
    ...special(after),
  ]
  return new Encoding(
    around(encoding.runs),
    encoding.overflowing.map(({ runs }) => new Encoding(around(runs))),
  )
}
