/** Acoustic target of a speech sound. Frequencies are in Hz, strengths from 0 to 1. */
export interface PhoneTarget {
  /** Resonant frequencies of the vocal tract. */
  readonly formants: readonly [number, number, number]
  /** Strength of the voice. */
  readonly voice: number
  /** Strength of the noise at a constriction. */
  readonly noise: number
  /** Frequency of the strongest noise. */
  readonly noiseAt: number
  /** Milliseconds. */
  readonly duration: number
}

const vowel = (f1: number, f2: number, f3: number, duration: number, voice = 1): PhoneTarget => ({
  formants: [f1, f2, f3],
  voice,
  noise: 0,
  noiseAt: 2500,
  duration,
})

const fricative = (noiseAt: number, noise: number, duration: number, voice = 0): PhoneTarget => ({
  formants: [300, 1500, 2500],
  voice,
  noise,
  noiseAt,
  duration,
})

/** A silent closure, then its release. */
const stop = (noiseAt: number, noise: number): PhoneTarget[] => [
  fricative(noiseAt, 0, 45),
  fricative(noiseAt, noise, 22),
]

const IH = vowel(400, 1900, 2550, 70)
const N = vowel(250, 1350, 2300, 75, 0.45)
const S = fricative(3600, 0.9, 110)
const F = fricative(2200, 0.35, 100)
const V = { ...fricative(2000, 0.15, 60, 0.4), formants: [280, 1100, 2300] as const }
const R = vowel(330, 1150, 1500, 70, 0.8)
/** A glide from an open vowel up to the front. */
const AY = [vowel(720, 1250, 2500, 90), vowel(500, 1750, 2500, 50), vowel(330, 2100, 2600, 50)]

/**
 * The sounds of the ten digits, with formants as measured for speakers of English.
 *
 * @see Peterson & Barney 1952, "Control methods used in a study of the vowels"
 */
export const DIGIT_PHONES: readonly (readonly PhoneTarget[])[] = [
  [fricative(3400, 0.5, 70, 0.4), IH, R, vowel(520, 950, 2350, 80), vowel(370, 750, 2250, 80)],
  [vowel(300, 620, 2200, 60, 0.8), vowel(640, 1200, 2500, 110), N],
  [...stop(3400, 0.8), vowel(310, 1000, 2250, 70), vowel(300, 850, 2250, 110)],
  [fricative(2900, 0.25, 80), R, vowel(280, 2250, 2900, 160)],
  [F, vowel(560, 850, 2400, 130), R],
  [F, ...AY, V],
  [S, IH, ...stop(1900, 0.7), S],
  [S, vowel(540, 1800, 2500, 80), V, vowel(500, 1400, 2400, 50, 0.7), N],
  [vowel(480, 1950, 2550, 80), vowel(330, 2200, 2700, 80), ...stop(3400, 0.6)],
  [N, ...AY, N],
]
