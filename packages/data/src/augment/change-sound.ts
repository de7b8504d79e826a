import type { RandomStream } from '@heddle/core'
import { changeSpeed } from '../features/change-speed.ts'

/** Limits of the random changes of a sound. */
export interface SoundChanges {
  /** Largest change of speed, as a share of it, in both directions. */
  readonly speed: number
  /** Most seconds that are added to or cut off either end. */
  readonly shift: number
  /** Probability of added noise, 5 to 40 dB below the sound. */
  readonly noise: number
}

/** Changes speed, start, end and noise of a sound at random: data augmentation for speech. */
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
