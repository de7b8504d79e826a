import type { Parameter } from '@heddle/search'
import { scaleLinear, scaleLog } from 'd3-scale'

/** An axis of the values of one parameter. */
export interface ParameterAxis {
  place(value: unknown): number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

const MOST_CHOICES = 12

/** @param range places of the smallest and the largest value, or of the first and the last choice */
export function parameterAxis(parameter: Parameter, range: readonly [number, number], numTicks = 5): ParameterAxis {
  if (parameter.type === 'choice') return choiceAxis(parameter.values, range)
  const { low, high } = parameter
  const isLog = parameter.type === 'log-uniform' || (parameter.type === 'integer' && parameter.log)
  if (!isLog) {
    const scale = scaleLinear([low, high], range)
    const ticks = scale.ticks(numTicks).filter((tick) => parameter.type !== 'integer' || Number.isInteger(tick))
    return axisOf((value) => scale(value as number), ticks)
  }
  const scale = scaleLog([low, high], range)
  const powers = scale.ticks(numTicks).filter((tick) => Number.isInteger(Math.round(1e9 * Math.log10(tick)) / 1e9))
  // Within one power of ten there are the ends only.
  return axisOf((value) => scale(value as number), powers.length >= 2 ? powers : [low, high])
}

const axisOf = (place: (value: unknown) => number, ticks: readonly number[]): ParameterAxis => ({
  place,
  ticks: ticks.map((tick) => ({ at: place(tick), label: numberLabel(tick) })),
})

function choiceAxis(values: readonly unknown[], [from, to]: readonly [number, number]): ParameterAxis {
  const labels = values.map(valueLabel)
  // In the middle of equal parts, so that no choice lies at the edge.
  const at = (i: number) => from + ((to - from) * (i + 0.5)) / values.length
  const every = Math.ceil(values.length / MOST_CHOICES)
  return {
    place: (value) => at(Math.max(0, labels.indexOf(valueLabel(value)))),
    ticks: labels.flatMap((label, i) => (i % every === 0 ? [{ at: at(i), label: shortened(label) }] : [])),
  }
}

const shortened = (label: string) => (label.length > 14 ? `${label.slice(0, 13)}…` : label)

/** The type of a part, a number with four digits, anything else as JSON. */
export function valueLabel(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberLabel(value)
  const { type, ...settings } = (value ?? {}) as { readonly type?: unknown }
  if (typeof type === 'string') return Object.keys(settings).length === 0 ? type : `${type} ${JSON.stringify(settings)}`
  return JSON.stringify(value) ?? '–'
}

export function numberLabel(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return Number(value.toPrecision(3)).toExponential().replace('e+', 'e')
  return String(Number(value.toPrecision(4)))
}
