import { HeddleError, show } from '@heddle/core'
import FFT from 'fft.js'
import { type MelFilterOptions, melFilters } from './mel-filters.ts'

// N samples, W window, T frames, M mel bands, F frequency bins

export interface LogMelOptions extends Omit<MelFilterOptions, 'fftSize'> {
  /** Samples in a window (default 25 ms). */
  readonly windowSize?: number
  /** Samples from one window to the next (default 10 ms). */
  readonly hopSize?: number
  /** Size of the transform, a power of two of at least `windowSize` (default the smallest one). */
  readonly fftSize?: number
  /** Least power of a band, so that the logarithm of silence is finite (default 1e-10). */
  readonly floor?: number
}

/** The frames of a sound. */
export interface LogMelFrames {
  /** [T, M], row-major. */
  readonly data: Float32Array
  readonly shape: [T: number, M: number]
}

/** Most samples of a window: 25 ms at 2.6 million samples a second. */
const MAX_WINDOW = 2 ** 16

/**
 * Turns sounds into frames of log-mel energies: log(max(floor, filters·|FFT(hann·window)|²)).
 *
 * Equals torchaudio's `MelSpectrogram(center=False)` and Hugging Face's `spectrogram(power=2, center=False)`, with the natural
 * logarithm. A sound shorter than a window is padded with zeros to one frame. The tables are computed once for many sounds.
 *
 * @see Davis & Mermelstein 1980, "Comparison of parametric representations for monosyllabic word recognition"
 */
export class LogMel {
  readonly sampleRate: number
  readonly numMels: number
  readonly windowSize: number
  readonly hopSize: number
  readonly #fft: FFT
  readonly #spectrum: number[]
  readonly #buffer: Float64Array
  readonly #window: Float64Array
  /** The filters without their zeros. */
  readonly #bands: readonly { readonly from: number; readonly weights: Float32Array }[]
  readonly #floor: number

  /** @throws HeddleError `config` */
  constructor(options: LogMelOptions) {
    const { sampleRate, numMels, floor = 1e-10 } = options
    const { windowSize = Math.round(0.025 * sampleRate), hopSize = Math.round(0.01 * sampleRate) } = options
    const fftSize = options.fftSize ?? 2 ** Math.max(1, Math.ceil(Math.log2(windowSize)))
    for (const [name, size] of Object.entries({ sampleRate, numMels, windowSize, hopSize })) {
      if (!Number.isInteger(size) || size < 1) {
        throw new HeddleError('config', `LogMel: expected ${name} to be a whole number above 0, got ${show(size)}.`)
      }
    }
    if (windowSize > MAX_WINDOW || numMels > MAX_WINDOW) {
      throw new HeddleError(
        'config',
        `LogMel: expected a window and mel bands of at most ${MAX_WINDOW}, got ${windowSize} samples and ${numMels} bands. Check the sample rate.`,
      )
    }
    if (!(floor > 0)) {
      throw new HeddleError('config', `LogMel: expected floor to be above 0, got ${show(floor)}.`)
    }
    if (fftSize < windowSize || fftSize > 4 * MAX_WINDOW || !Number.isInteger(Math.log2(fftSize)) || fftSize < 2) {
      throw new HeddleError(
        'config',
        `LogMel: expected fftSize to be a power of two from ${windowSize} to ${4 * MAX_WINDOW}, got ${show(fftSize)}.`,
      )
    }
    this.sampleRate = sampleRate
    this.numMels = numMels
    this.windowSize = windowSize
    this.hopSize = hopSize
    this.#fft = new FFT(fftSize)
    this.#spectrum = this.#fft.createComplexArray()
    this.#buffer = new Float64Array(fftSize)
    this.#window = Float64Array.from(
      { length: windowSize },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowSize),
    )
    this.#bands = bandsOf(melFilters({ ...options, fftSize }), numMels)
    this.#floor = floor
  }

  /** Returns the number of frames of a sound of `numSamples` samples. */
  numFrames(numSamples: number): number {
    return 1 + Math.max(0, Math.floor((numSamples - this.windowSize) / this.hopSize))
  }

  /** Returns the frames of a sound. @param samples [N], mono */
  frames(samples: Float32Array): LogMelFrames {
    const [T, M] = [this.numFrames(samples.length), this.numMels]
    const data = new Float32Array(T * M)
    const power = new Float64Array(this.#buffer.length / 2 + 1)
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < this.windowSize; i++) {
        this.#buffer[i] = (samples[t * this.hopSize + i] ?? 0) * this.#window[i]!
      }
      this.#fft.realTransform(this.#spectrum, this.#buffer)
      for (let f = 0; f < power.length; f++) power[f] = this.#spectrum[2 * f]! ** 2 + this.#spectrum[2 * f + 1]! ** 2
      for (const [m, { from, weights }] of this.#bands.entries()) {
        let energy = 0
        for (let i = 0; i < weights.length; i++) energy += weights[i]! * power[from + i]!
        data[t * M + m] = Math.log(Math.max(this.#floor, energy))
      }
    }
    return { data, shape: [T, M] }
  }
}

function bandsOf(filters: Float32Array, numMels: number) {
  const F = filters.length / numMels
  return Array.from({ length: numMels }, (_, m) => {
    const row = filters.subarray(m * F, (m + 1) * F)
    const from = Math.max(
      0,
      row.findIndex((weight) => weight > 0),
    )
    const to = row.findLastIndex((weight) => weight > 0) + 1
    return { from, weights: row.slice(from, Math.max(from, to)) }
  })
}
