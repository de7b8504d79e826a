import { HeddleError, show } from '@heddle/core'

/**
 * Changes the speed of a sound, and so its pitch, by linear interpolation. Also converts between sample rates.
 *
 * @param ratio 2 makes the sound twice as fast
 * @throws HeddleError `usage` for a ratio that is not above 0
 */
export function changeSpeed(samples: Float32Array, ratio: number): Float32Array {
  if (!(ratio > 0))
    throw new HeddleError('usage', `changeSpeed: expected a ratio above 0, got ${show(ratio)}. Correct it.`)
  const changed = new Float32Array(Math.max(1, Math.floor(samples.length / ratio)))
  for (let i = 0; i < changed.length; i++) {
    const at = i * ratio
    const before = Math.floor(at)
    const next = samples[before + 1] ?? samples[before]!
    changed[i] = samples[before]! + (at - before) * (next - samples[before]!)
  }
  return changed
}
