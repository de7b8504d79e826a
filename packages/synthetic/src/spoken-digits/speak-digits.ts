import type { RandomStream } from '@heddle/core'
import { DIGIT_PHONES, type PhoneTarget } from './phones.ts'

/** Features of a voice that differ between speakers and between recordings. */
export interface Speaker {
  /** Fundamental frequency at the beginning, in Hz. */
  readonly pitch: number
  /** Factor of all formants; above 1 for a shorter vocal tract. */
  readonly tract: number
  /** Factor of all durations. */
  readonly pace: number
  /** Amplitude of the background noise, relative to full scale. */
  readonly hiss: number
}

/** A random speaker. */
export function drawSpeaker(rng: RandomStream): Speaker {
  const tract = 0.88 + 0.3 * rng.uniform()
  // A short vocal tract usually comes with a high voice.
  const pitch = (90 + 450 * (tract - 0.88)) * (0.9 + 0.25 * rng.uniform())
  return { pitch, tract, pace: 0.75 + 0.5 * rng.uniform(), hiss: 0.002 + 0.02 * rng.uniform() }
}

/** Seconds between updates of the filter coefficients. */
const FRAME = 0.005
const SILENCE: PhoneTarget = { formants: [500, 1500, 2500], voice: 0, noise: 0, noiseAt: 2500, duration: 30 }

/**
 * Synthesizes digits, one after the other. The voice is a pulse train through three resonators in series; noise passes through a
 * parallel resonator. Targets are smoothed over time.
 *
 * @returns samples in [-1, 1]
 * @see Klatt 1980, "Software for a cascade/parallel formant synthesizer"
 */
export function speakDigits(
  digits: readonly number[],
  speaker: Speaker,
  sampleRate: number,
  rng: RandomStream,
): Float32Array<ArrayBuffer> {
  const frames = trackOf(digits, speaker, rng)
  const perFrame = Math.round(FRAME * sampleRate)
  const samples = new Float32Array(frames.length * perFrame)
  const tract = [new Resonator(sampleRate), new Resonator(sampleRate), new Resonator(sampleRate)]
  const passage = new Resonator(sampleRate)
  let phase = 0
  let pulse = 0
  for (const [t, { formants, voice, noise, noiseAt }] of frames.entries()) {
    for (const [i, resonator] of tract.entries()) resonator.tune(formants[i]! * speaker.tract, 60 + 40 * i)
    passage.tune(Math.min(noiseAt * speaker.tract, 0.47 * sampleRate), 700)
    // The pitch falls towards the end, as in statements.
    const pitch = speaker.pitch * (1.08 - (0.25 * t) / frames.length)
    for (let i = t * perFrame; i < (t + 1) * perFrame; i++) {
      phase += pitch / sampleRate
      const opens = phase >= 1
      if (opens) phase -= 1
      // The glottis closes softly, which weakens the highest frequencies of the pulses.
      pulse = 0.75 * pulse + (opens ? 1 : 0)
      const breath = rng.uniform() - 0.5
      let voiced = voice * (pulse - 0.1 + 0.05 * breath)
      for (const resonator of tract) voiced = resonator.pass(voiced)
      samples[i] = voiced + 2.5 * passage.pass(noise * breath)
    }
  }
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9)
  const gain = (0.3 + 0.6 * rng.uniform()) / loudest
  return samples.map((sample) => gain * sample + speaker.hiss * (rng.uniform() - 0.5))
}

/** Smoothed targets, frame by frame. */
function trackOf(digits: readonly number[], { pace }: Speaker, rng: RandomStream): PhoneTarget[] {
  const phones = digits.flatMap((digit) => [SILENCE, ...DIGIT_PHONES[digit]!, SILENCE])
  const steps = phones.flatMap((phone) => {
    const duration = (phone.duration / 1000) * pace * (0.85 + 0.3 * rng.uniform())
    return new Array<PhoneTarget>(Math.max(1, Math.round(duration / FRAME))).fill(phone)
  })
  const around = (t: number, radius: number) => steps.slice(Math.max(0, t - radius), t + radius + 1)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return steps.map((phone, t) => {
    const near = around(t, 4)
    const formants = [0, 1, 2].map((i) => mean(near.map((each) => each.formants[i]!)))
    return {
      ...phone,
      formants: formants as [number, number, number],
      voice: mean(around(t, 1).map(({ voice }) => voice)),
      noise: mean(around(t, 1).map(({ noise }) => noise)),
    }
  })
}

/** A digital resonator, y_t = a·x_t + b·y_{t-1} + c·y_{t-2}, with gain 1 at frequency 0. */
class Resonator {
  readonly #sampleRate: number
  #a = 1
  #b = 0
  #c = 0
  #last = 0
  #beforeLast = 0

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate
  }

  tune(frequency: number, bandwidth: number): void {
    const radius = Math.exp((-Math.PI * bandwidth) / this.#sampleRate)
    this.#b = 2 * radius * Math.cos((2 * Math.PI * frequency) / this.#sampleRate)
    this.#c = -(radius ** 2)
    this.#a = 1 - this.#b - this.#c
  }

  pass(x: number): number {
    const y = this.#a * x + this.#b * this.#last + this.#c * this.#beforeLast
    this.#beforeLast = this.#last
    this.#last = y
    return y
  }
}
