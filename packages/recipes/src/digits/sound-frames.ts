import { LogMel } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import type { SourceTensors } from '../writing/writing-task.ts'

// B batch, S steps, M mel bands, K frames a step

export interface SoundFrameOptions {
  readonly sampleRate: number
  readonly numMels: number
  /** Frames of 10 ms that make a step. */
  readonly framesPerStep: number
}

/**
 * Sounds as steps of log-mel frames, each sound of mean 0 and variance 1 over all its bands, so that loudness does not matter.
 *
 * The mean of each band is not taken off, as longer recordings would have it: a single word is too short for it, and loses which
 * bands are its own.
 */
export class SoundFrames {
  readonly featureSize: number
  readonly #logMel: LogMel
  readonly #framesPerStep: number

  constructor({ sampleRate, numMels, framesPerStep }: SoundFrameOptions) {
    this.#logMel = new LogMel({ sampleRate, numMels, minFrequency: 60, floor: 1e-6 })
    this.#framesPerStep = framesPerStep
    this.featureSize = numMels * framesPerStep
  }

  numSteps(numSamples: number): number {
    return Math.ceil(this.#logMel.numFrames(numSamples) / this.#framesPerStep)
  }

  /** When each step of a sound begins. */
  times(numSamples: number): string[] {
    const { hopSize, sampleRate } = this.#logMel
    const step = (this.#framesPerStep * hopSize) / sampleRate
    return Array.from({ length: this.numSteps(numSamples) }, (_, i) => `${(i * step).toFixed(2)} s`)
  }

  /** @returns [B, S, K·M] with the steps of each sound; frames past the end of a sound are zeros */
  collate(sounds: readonly Float32Array[]): Required<SourceTensors> {
    const lengths = Int32Array.from(sounds, ({ length }) => this.numSteps(length))
    const [B, S, I] = [sounds.length, Math.max(...lengths), this.featureSize]
    const data = new Float32Array(B * S * I)
    for (const [b, sound] of sounds.entries()) data.set(this.normalized(sound), b * S * I)
    return { source: tf.tensor3d(data, [B, S, I]), lengths: tf.tensor1d(lengths, 'int32') }
  }

  /** The frames of a sound with mean 0 and variance 1: [T, M]. */
  normalized(sound: Float32Array): Float32Array {
    const { data } = this.#logMel.frames(sound)
    const mean = data.reduce((total, value) => total + value, 0) / data.length
    let sum = 0
    for (let i = 0; i < data.length; i++) {
      data[i]! -= mean
      sum += data[i]! ** 2
    }
    const deviation = Math.sqrt(sum / data.length) || 1
    return data.map((value) => value / deviation)
  }
}
