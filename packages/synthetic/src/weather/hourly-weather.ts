import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'

/** Values at equally spaced times. */
export interface TimeSeries {
  readonly values: readonly number[]
  /** Milliseconds since 1970, UTC. */
  readonly times: readonly number[]
  /** Dates of the times: `2020-01-01T00:00`. */
  readonly steps: readonly string[]
}

const HOUR = 3600 * 1000
const START = Date.UTC(2020, 0, 1)

/**
 * Hourly temperatures of an invented place in °C: a daily wave, slow swings over days, and cold fronts that arrive at once and
 * fade over hours. Days differ, but the last hours predict the next ones.
 *
 * @param count number of hours
 */
export function hourlyWeather(count: number, rng: RandomStream): TimeSeries {
  checkInteger('hourlyWeather', 'a count', count, 0)
  const values: number[] = []
  const times = Array.from({ length: count }, (_, hour) => START + hour * HOUR)
  let swing = 0
  let speed = 0
  let front = 0
  for (let hour = 0; hour < count; hour++) {
    // A damped oscillator, driven by noise.
    speed += -0.004 * swing - 0.05 * speed + rng.normal(0, 0.12)
    swing += speed
    front = rng.uniform() < 0.01 ? front - 4 - 4 * rng.uniform() : 0.9 * front
    const daily = (5 + 0.3 * swing) * Math.sin((2 * Math.PI * (hour - 9)) / 24)
    values.push(Number((12 + daily + swing + front + rng.normal(0, 0.25)).toFixed(2)))
  }
  return { values, times, steps: times.map((time) => new Date(time).toISOString().slice(0, 16)) }
}
