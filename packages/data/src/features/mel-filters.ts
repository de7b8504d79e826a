import { HeddleError } from '@heddle/core'

// M mel bands, F frequency bins (half the transform's size, and one)

export interface MelFilterOptions {
  readonly numMels: number
  readonly fftSize: number
  /** Samples a second. */
  readonly sampleRate: number
  /** Lowest frequency in Hz (default 0). */
  readonly minFrequency?: number
  /** Highest frequency in Hz (default half the sample rate). */
  readonly maxFrequency?: number
}

/** Most products of bands and size of the transform: the filters then take 128 MB. */
const MAX_WEIGHTS = 2 ** 26

/** Converts Hz to mel: 2595·log10(1 + f / 700). */
export const hzToMel = (frequency: number): number => 2595 * Math.log10(1 + frequency / 700)

/** Converts mel to Hz. */
export const melToHz = (mel: number): number => 700 * (10 ** (mel / 2595) - 1)

/**
 * Returns triangular filters that overlap by half. Their corners are evenly spaced on the mel scale, and each reaches 1 in its
 * middle.
 *
 * Equals torchaudio and Hugging Face's `mel_filter_bank` with `mel_scale='htk'` and without norm. librosa has another default.
 *
 * @returns [M, F], row-major
 * @throws HeddleError `config` for frequencies out of order
 * @see Stevens, Volkmann & Newman 1937, "A scale for the measurement of the psychological magnitude pitch"
 */
export function melFilters(options: MelFilterOptions): Float32Array {
  const { numMels, fftSize, sampleRate, minFrequency = 0, maxFrequency = sampleRate / 2 } = options
  if (
    !(
      Number.isInteger(numMels) &&
      numMels >= 1 &&
      Number.isInteger(fftSize) &&
      fftSize >= 2 &&
      numMels * fftSize <= MAX_WEIGHTS
    )
  ) {
    throw new HeddleError(
      'config',
      `melFilters: expected whole numbers of bands and of the transform with a product of at most ${MAX_WEIGHTS}, got ${numMels} and ${fftSize}. Lower them.`,
    )
  }
  if (!(minFrequency >= 0 && minFrequency < maxFrequency && maxFrequency <= sampleRate / 2)) {
    throw new HeddleError(
      'config',
      `melFilters: expected frequencies 0 ≤ min < max ≤ ${sampleRate / 2} Hz, got ${minFrequency} and ${maxFrequency}. Correct them.`,
    )
  }
  const F = fftSize / 2 + 1
  const [low, high] = [hzToMel(minFrequency), hzToMel(maxFrequency)]
  const corners = Array.from({ length: numMels + 2 }, (_, i) => melToHz(low + ((high - low) * i) / (numMels + 1)))
  const filters = new Float32Array(numMels * F)
  for (let m = 0; m < numMels; m++) {
    const [left, middle, right] = corners.slice(m, m + 3) as [number, number, number]
    for (let f = 0; f < F; f++) {
      const frequency = (f * sampleRate) / fftSize
      const rising = (frequency - left) / (middle - left)
      const falling = (right - frequency) / (right - middle)
      filters[m * F + f] = Math.max(0, Math.min(rising, falling))
    }
  }
  return filters
}
