import type { RandomStream } from '@heddle/core'

/** The sound at another speed (and so pitch), by linear interpolation: a `ratio` of 2 is twice as fast. */
export function changeSpeed(samples: Float32Array, ratio: number): Float32Array {
  const changed = new Float32Array(Math.max(1, Math.floor(samples.length / ratio)))
  for (let i = 0; i < changed.length; i++) {
    const at = i * ratio
    const before = Math.floor(at)
    const next = samples[before + 1] ?? samples[before]!
    changed[i] = samples[before]! + (at - before) * (next - samples[before]!)
  }
  return changed
}

/** Sounds one after the other. */
export function joinSounds(sounds: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(sounds.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const sound of sounds) {
    joined.set(sound, at)
    at += sound.length
  }
  return joined
}

/** How much a training sound may be changed. */
export interface SoundChanges {
  /** Speed by up to this share, either way. */
  readonly speed: number
  /** Up to so many seconds are added or cut off at either end. */
  readonly shift: number
  /** Probability of added noise, 5 to 40 dB below the sound. */
  readonly noise: number
}

/** A sound with speed, beginning, end and noise changed at random, so that a few recordings stand for many. */
export function changeSound(
  samples: Float32Array,
  { speed, shift, noise }: SoundChanges,
  sampleRate: number,
  rng: RandomStream,
): Float32Array {
  const faster = changeSpeed(samples, 1 + speed * (2 * rng.uniform() - 1))
  const margin = () => Math.round(shift * sampleRate * (1.4 * rng.uniform() - 0.4))
  const [before, after] = [margin(), margin()]
  // At least half of a short sound is left.
  const most = Math.floor(faster.length / 4)
  const kept = faster.subarray(
    Math.min(most, Math.max(0, -before)),
    faster.length - Math.min(most, Math.max(0, -after)),
  )
  const shifted = new Float32Array(Math.max(0, before) + kept.length + Math.max(0, after))
  shifted.set(kept, Math.max(0, before))
  if (rng.uniform() < noise) {
    const power = kept.reduce((sum, sample) => sum + sample ** 2, 0) / kept.length
    const level = Math.sqrt(power) * 10 ** (-(5 + 35 * rng.uniform()) / 20)
    // Uniform noise of standard deviation 1 has the range ±√3.
    for (let i = 0; i < shifted.length; i++) shifted[i]! += level * Math.sqrt(3) * (2 * rng.uniform() - 1)
  }
  return shifted
}
