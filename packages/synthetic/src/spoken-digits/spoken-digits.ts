import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { drawSpeaker, speakDigits } from './speak-digits.ts'

/** A sound with a name. */
export interface SoundClip {
  /** The digits and the number of the clip: `731_12`. */
  readonly name: string
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array<ArrayBuffer>
  /** Samples per second. */
  readonly sampleRate: number
}

/** A sound with the words that are spoken. */
export interface TranscribedClip {
  readonly source: SoundClip
  readonly target: string
}

export interface SpokenDigitsOptions {
  /** Largest number of digits in a clip; 3 by default. */
  readonly longest?: number
  /** Samples per second; 8000 by default. */
  readonly sampleRate?: number
}

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** Clips of synthetic speech, each of one to `longest` digits by a speaker of its own, with the digits as English words. */
export function spokenDigits(
  count: number,
  rng: RandomStream,
  { longest = 3, sampleRate = 8000 }: SpokenDigitsOptions = {},
): TranscribedClip[] {
  checkInteger('spokenDigits', 'a count', count, 0)
  checkInteger('spokenDigits', 'longest', longest, 1)
  checkInteger('spokenDigits', 'a sampleRate', sampleRate, 4000)
  return Array.from({ length: count }, (_, i) => {
    const digits = Array.from({ length: 1 + rng.integer(longest) }, () => rng.integer(10))
    const samples = speakDigits(digits, drawSpeaker(rng), sampleRate, rng)
    return {
      source: { name: `${digits.join('')}_${i}`, samples, sampleRate },
      target: digits.map((digit) => WORDS[digit]!).join(' '),
    }
  })
}
