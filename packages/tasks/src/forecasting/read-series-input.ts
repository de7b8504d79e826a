import { decodeText, memorySource, readSeries, type Series } from '@heddle/data'
import type { InputRow, InputSource } from '../task/pipeline.ts'
import { parseSteps } from './parse-steps.ts'

/**
 * The series of a source, oldest step first: lines of `value` or `date,value`, or else a table with a header, whose columns are those of
 * the run's own data or the first ones that fit.
 */
export async function readSeriesInput(
  source: InputSource,
  dated: boolean,
): Promise<{ readonly rows: AsyncIterable<InputRow<Series>> }> {
  const { name, settings } = source
  const text = decodeText(await source.bytes(), name)
  const first = (/[^\s][^\r\n]*/.exec(text)?.[0] ?? '').split(/[,;]/)
  const isBare = first.length === (dated ? 2 : 1) && Number.isFinite(Number(first.at(-1)!.trim() || Number.NaN))
  const asked = (key: string) => (typeof settings[key] === 'string' ? { [key]: settings[key] } : {})
  const series = isBare
    ? parseSteps(text, dated)
    : (await readSeries(memorySource(name, text), { where: 'predict', ...asked('column'), ...asked('dateColumn') }))
        .examples[0]!
  const rows = (async function* () {
    yield { cells: {}, input: series }
  })()
  return { rows }
}
