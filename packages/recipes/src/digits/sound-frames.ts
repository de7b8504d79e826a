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

/** Sounds as steps of log-mel frames, the mean of each band over a sound taken off: loudness and microphone do not matter. */
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

  /** Frames of a sound in units of its standard deviation from the mean of their band: [T, M]. */
  normalized(sound: Float32Array): Float32Array {
    const { data, shape } = this.#logMel.frames(sound)
    const [T, M] = shape
    let sum = 0
    for (let m = 0; m < M; m++) {
      let mean = 0
      for (let t = 0; t < T; t++) mean += data[t * M + m]! / T
      for (let t = 0; t < T; t++) {
        data[t * M + m]! -= mean
        sum += data[t * M + m]! ** 2
      }
    }
    const deviation = Math.sqrt(sum / data.length) || 1
    return data.map((value) => value / deviation)
  }
}
