import type { RandomStream } from '@heddle/core'
import { changeSound, changeSpeed, joinSounds, LogMel, type SoundClip } from '@heddle/data'
import * as tf from '@tensorflow/tfjs-core'
import type { SourceReader } from '../sequence-to-text/sequence-to-text.ts'
import type { EncodedPair, SourceTensors } from '../sequence-to-text/teacher-forcing.ts'

// B batch, S steps, M mel bands, K frames a step, T frames

export interface SoundFrameOptions {
  /** Samples a second. */
  readonly sampleRate: number
  readonly numMels: number
  /** Frames of 10 ms that make a step. */
  readonly framesPerStep: number
}

export interface SoundAugmentation {
  readonly speed: number
  readonly shift: number
  readonly noise: number
  /** Share of training clips that another one is added to. */
  readonly joined: number
  /** Token between the words of joined clips. */
  readonly space: number
}

/**
 * Sounds as steps of log-mel frames, each sound with mean 0 and variance 1 over all its bands, so that loudness does not matter.
 *
 * The mean of each band is not subtracted: a single word is too short for that, and would lose the bands that identify it.
 */
export class SoundFrames implements SourceReader<SoundClip, Float32Array> {
  readonly featureSize: number
  readonly numMels: number
  readonly #logMel: LogMel
  readonly #options: SoundFrameOptions
  readonly #augmentation: SoundAugmentation | undefined

  constructor(options: SoundFrameOptions, augmentation?: SoundAugmentation) {
    const { sampleRate, numMels, framesPerStep } = options
    this.#logMel = new LogMel({ sampleRate, numMels, minFrequency: 60, floor: 1e-6 })
    this.#options = options
    this.#augmentation = augmentation
    this.featureSize = numMels * framesPerStep
    this.numMels = numMels
  }

  /** The samples at the sample rate of the settings. */
  encode({ samples, sampleRate }: SoundClip): Float32Array {
    const wanted = this.#options.sampleRate
    return sampleRate === wanted ? samples : changeSpeed(samples, sampleRate / wanted)
  }

  length(samples: Float32Array): number {
    return Math.ceil(this.#logMel.numFrames(samples.length) / this.#options.framesPerStep)
  }

  /** Start of each step. */
  steps(samples: Float32Array): string[] {
    const { hopSize, sampleRate } = this.#logMel
    const step = (this.#options.framesPerStep * hopSize) / sampleRate
    return Array.from({ length: this.length(samples) }, (_, i) => `${(i * step).toFixed(2)} s`)
  }

  /** @returns [B, S, K·M] with the number of steps of each sound; frames past the end of a sound are zeros */
  collate(sounds: readonly Float32Array[]): Required<SourceTensors> {
    const lengths = Int32Array.from(sounds, (sound) => this.length(sound))
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

  /** The sound with other speed, ends and noise, sometimes with another one after it. */
  augment(
    { source, target }: EncodedPair<Float32Array>,
    rng: RandomStream,
    all: readonly EncodedPair<Float32Array>[],
  ): EncodedPair<Float32Array> {
    if (this.#augmentation === undefined) return { source, target }
    const { joined, space, ...changes } = this.#augmentation
    const { sampleRate } = this.#options
    const changed = changeSound(source, changes, sampleRate, rng)
    if (rng.uniform() >= joined) return { source: changed, target }
    const other = rng.pick(all)
    const next = changeSound(other.source, changes, sampleRate, rng)
    return { source: joinSounds([changed, next]), target: [...target, space, ...other.target] }
  }
}
