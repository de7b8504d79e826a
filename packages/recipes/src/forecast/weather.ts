import { RandomStream } from '@heddle/core'
import type { Series } from '@heddle/data'

const HOUR = 3600 * 1000
const START = Date.UTC(2020, 0, 1)

/**
 * Hourly temperatures of an invented place: a daily wave, on slow swings of the weather that last for days, with cold fronts that
 * fall in at once and pass over hours. A day is never like the one before, but its recent hours tell where it goes.
 */
export function generateWeather({ length, seed }: { length: number; seed: number }): Series {
  const rng = new RandomStream(seed)
  const values: number[] = []
  const times = Array.from({ length }, (_, hour) => START + hour * HOUR)
  let swing = 0
  let speed = 0
  let front = 0
  for (let hour = 0; hour < length; hour++) {
    // A damped oscillator that chance drives.
    speed += -0.004 * swing - 0.05 * speed + rng.normal(0, 0.12)
    swing += speed
    front = rng.uniform() < 0.01 ? front - 4 - 4 * rng.uniform() : 0.9 * front
    const daily = (5 + 0.3 * swing) * Math.sin((2 * Math.PI * (hour - 9)) / 24)
    values.push(Number((12 + daily + swing + front + rng.normal(0, 0.25)).toFixed(2)))
  }
  return { values, times, steps: times.map((time) => new Date(time).toISOString().slice(0, 16)) }
}
