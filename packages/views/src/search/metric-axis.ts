import type { Direction } from '@heddle/search'
import { quantile } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'
import { numberLabel } from './parameter-axis.ts'

/** An axis of the monitored metric. */
export interface MetricAxis {
  readonly isLog: boolean
  place(value: number): number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

/**
 * An axis on which good trials can be told apart: values far beyond the others on the bad side lie at its end, and positive values of
 * different size are on a logarithmic scale.
 *
 * @param range places of the smallest and the largest value
 */
export function metricAxis(
  values: readonly number[],
  direction: Direction,
  range: readonly [number, number],
): MetricAxis {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  const [first = 0, last = 1] = [sorted[0], sorted.at(-1)]
  const [lower = 0, upper = 1] = [quantile(sorted, 0.25), quantile(sorted, 0.75)]
  const room = 3 * (upper - lower)
  const low = direction === 'maximize' ? Math.max(first, lower - room) : first
  const high = direction === 'minimize' ? Math.min(last, upper + room) : last
  const isLog = direction === 'minimize' && low > 0 && high / low > 4
  const domain = low === high ? [low - 1, high + 1] : [low, high]
  const scale = isLog ? scaleLog(domain, range) : scaleLinear(domain, range).nice(5)
  const ticks = isLog ? logTicks(low, high) : scale.ticks(5)
  const [from = low, to = high] = scale.domain()
  return {
    isLog,
    place: (value) =>
      scale(Math.min(to, Math.max(from, Number.isNaN(value) ? (direction === 'minimize' ? to : from) : value))),
    ticks: ticks.map((tick) => ({ at: scale(tick), label: numberLabel(tick) })),
  }
}

const MOST_TICKS = 6

/** Multiples of powers of ten by 1, 2 and 5, or by 1 alone where there are many. */
function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
  const within = (digits: readonly number[]) =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= low && tick <= high)
  const fine = within([1, 2, 5])
  const ticks = fine.length > MOST_TICKS ? within([1]) : fine
  return ticks.filter((_, i) => i % Math.ceil(ticks.length / MOST_TICKS) === 0)
}
