import { extent } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'

/** Axis of the values: 'linear' starts at 0, 'log' is for values above 0, 'share' ends at 100 %. */
export type AxisKind = 'linear' | 'log' | 'share'

export interface ValueAxis {
  place(value: number): number
  readonly ticks: readonly number[]
  /** The ticks as text, all with the same number of decimals. */
  readonly labels: readonly string[]
  /** Any value as text, such as for a tooltip. */
  format(value: number): string
}

const TICKS = 5
const FINE = new Intl.NumberFormat('en', { maximumSignificantDigits: 5, useGrouping: false })

/**
 * An axis on which all the values fit.
 *
 * @param range places of the smallest and the largest value
 */
export function valueAxis(kind: AxisKind, values: readonly number[], range: readonly [number, number]): ValueAxis {
  const [low = 0, high = 1] = extent(values)
  if (kind === 'log') return logAxis(low, high, range)
  const domain: [number, number] = kind === 'share' ? shareDomain(low, high) : linearDomain(low, high)
  const scale = scaleLinear(domain, range)
  if (kind === 'linear') scale.nice(TICKS)
  const ticks = scale.ticks(TICKS)
  const format = scale.tickFormat(TICKS, kind === 'share' ? '%' : undefined)
  return {
    place: scale,
    ticks,
    labels: ticks.map((tick) => format(tick).replace('%', ' %')),
    format: kind === 'share' ? (value) => `${(100 * value).toFixed(1)} %` : (value) => FINE.format(value),
  }
}

/** From 0, or from below it where there are negative values. A single value has room beyond it. */
function linearDomain(low: number, high: number): [number, number] {
  const room = low === high ? 1.25 : 1
  const [from, to] = [Math.min(0, room * low), Math.max(0, room * high)]
  return from === to ? [0, 1] : [from, to]
}

/**
 * To 100 %, from far enough below the smallest share to show how it grows: 93 % to 97 % are drawn from 90 % to 100 %. Small shares
 * are drawn from 0 to a little above the largest.
 */
function shareDomain(low: number, high: number): [number, number] {
  if (high > 1) return [0, high * 1.05]
  if (high <= 0) return [0, 1]
  if (high < 0.5) return [Math.min(0, low), SPANS.find((span) => span >= high)!]
  return [1 - SPANS.find((span) => span >= Math.min(1, (1 - low) * 1.1))!, 1]
}

const SPANS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

function logAxis(low: number, high: number, range: readonly [number, number]): ValueAxis {
  // One value alone stands in the middle of two powers of ten.
  const domain: [number, number] = high > low ? [low, high] : [low / 3, low * 3]
  const scale = scaleLog(domain, range)
  const ticks = logTicks(...domain)
  return { place: scale, ticks, labels: logLabels(ticks), format: shortest }
}

/** Digits that powers of ten are multiplied by: fewer where a range has many powers. */
const DIGITS = [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
const MOST_TICKS = 7

function logTicks(low: number, high: number): readonly number[] {
  const first = Math.floor(Math.log10(low))
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i)
  const ticks = DIGITS.map((digits) =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= low && tick <= high),
  ).find(({ length }) => length >= 2)
  const found = ticks ?? scaleLinear([low, high], [0, 1]).ticks(TICKS)
  return found.filter((_, i) => i % Math.ceil(found.length / MOST_TICKS) === 0)
}

/** Ticks of similar size get the same number of decimals, small ones the form 1e-4. */
function logLabels(ticks: readonly number[]): string[] {
  if (ticks.some((tick) => tick < 0.001)) return ticks.map((tick) => tick.toExponential(0).replace('e+', 'e'))
  const labels = ticks.map((tick) => FINE.format(tick))
  if (Math.max(...ticks) > 20 * Math.min(...ticks)) return labels
  const decimals = Math.max(...labels.map((label) => label.split('.')[1]?.length ?? 0))
  return ticks.map((tick) => tick.toFixed(decimals))
}

const shortest = (value: number) =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(2) : String(Number(value.toPrecision(4)))
