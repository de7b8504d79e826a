import { isLog, type NumericParameter } from './space.ts'

/**
 * The line on which the values of a numeric parameter are equally likely: logarithms where the parameter has them, and integers
 * with half a step of room around each.
 */
export interface Scale {
  readonly low: number
  readonly high: number
  /** Half the distance of two values; 0 for real numbers. */
  readonly half: number
  /** The place of a value. */
  place(value: number): number
  /** The value at a place: the nearest one in the range. */
  valueAt(place: number): number
}

export function scaleOf(parameter: NumericParameter): Scale {
  const { low, high } = parameter
  const step = parameter.type === 'integer' ? parameter.step : 0
  const log = isLog(parameter)
  const place = log ? Math.log : (value: number) => value
  const back = log ? Math.exp : (value: number) => value
  const rounded = (value: number) => (step === 0 ? value : low + step * Math.round((value - low) / step))
  return {
    low: place(low - step / 2),
    high: place(high + step / 2),
    half: step / 2,
    place,
    valueAt: (at) => Math.min(high, Math.max(low, rounded(back(at)))),
  }
}
