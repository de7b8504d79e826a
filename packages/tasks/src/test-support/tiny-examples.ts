import type { GrayPicture, LabeledPicture, Series, SoundClip, StyledPicture } from '@heddle/data'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { LabeledText } from '../text-classification/text-reader.ts'
import type { TaggedSentence } from '../token-classification/word-reader.ts'

// Examples that a tiny model learns, for the tests of tasks.

/** Texts of a's and of b's. */
export const letterTexts = (count: number): LabeledText[] =>
  Array.from({ length: count }, (_, i) => {
    const letter = i % 2 === 0 ? 'a' : 'b'
    return { text: `${letter.repeat(1 + (i % 3))}${i}`, label: letter.toUpperCase() }
  })

const NOUNS = ['fox', 'cat', 'dog', 'hen']

/** Sentences in which 'run' is a noun after 'the' and a verb elsewhere. */
export const taggedWords = (count: number): TaggedSentence[] =>
  Array.from({ length: count }, (_, i) => {
    const noun = NOUNS[i % NOUNS.length]!
    return i % 2 === 0
      ? { words: ['the', noun, 'run'], tags: ['DET', 'NOUN', 'VERB'] }
      : { words: ['the', 'run', 'of', 'the', noun], tags: ['DET', 'NOUN', 'ADP', 'DET', 'NOUN'] }
  })

const COLORS = ['red', 'green', 'blue', 'black']

/** Texts about a color, to the color. */
export const colorPairs = (count: number): SourceTargetPair<string>[] =>
  Array.from({ length: count }, (_, i) => ({
    source: `${'so '.repeat(i % 3)}${COLORS[i % 4]} ${i}`,
    target: COLORS[i % 4]!,
  }))

/** A picture with a bright half: left or right. */
export function halfPicture(side: 'left' | 'right', level: number, size = 6): GrayPicture {
  const pixels = Uint8Array.from({ length: size * size }, (_, i) =>
    i % size < size / 2 === (side === 'left') ? level : i % 7,
  )
  return { width: size, height: size, pixels }
}

export const halfPictures = (count: number): LabeledPicture[] =>
  Array.from({ length: count }, (_, i) => {
    const side = i % 2 === 0 ? 'left' : 'right'
    return { ...halfPicture(side, 150 + i), labels: [side] }
  })

/** Clips of frames whose brightness says their label. */
export const brightClips = (count: number): LabeledPicture[] =>
  Array.from({ length: count }, (_, i) => {
    const bright = Array.from({ length: 3 + (i % 2) }, (__, t) => (i + t) % 2 === 0)
    return {
      width: 2,
      height: 2,
      pixels: Uint8Array.from(bright.flatMap((is) => new Array<number>(4).fill(is ? 200 + i : 10 + i))),
      labels: bright.map((is) => (is ? 'bright' : 'dark')),
    }
  })

/** Pictures of one color with its name. */
export const colorPictures = (count: number): SourceTargetPair<StyledPicture>[] =>
  Array.from({ length: count }, (_, i) => ({
    source: {
      name: `${i}.png`,
      style: i % 2,
      width: 8,
      height: 8,
      pixels: Float32Array.from({ length: 8 * 8 * 3 }, (__, j) => (j % 3 === i % 3 ? 0.9 - 0.01 * i : 0.1)),
    },
    target: ['red', 'green', 'blue'][i % 3]!,
  }))

/** Clips of several lengths that change from black to a color, with its name. */
export const colorClips = (count: number): SourceTargetPair<StyledPicture>[] =>
  Array.from({ length: count }, (_, i) => {
    const frames = 2 + (i % 4)
    const pixels = Float32Array.from({ length: frames * 4 * 4 * 3 }, (__, j) =>
      j % 3 === i % 3 ? Math.floor(j / 48) / frames + 0.01 * i : 0,
    )
    return {
      source: { name: `clip ${i}`, style: 0, width: 4, height: 4, pixels },
      target: ['red', 'green', 'blue'][i % 3]!,
    }
  })

/** Tones, low or high, with their names. */
export const tones = (count: number): SourceTargetPair<SoundClip>[] =>
  Array.from({ length: count }, (_, i) => {
    const isHigh = i % 2 === 1
    const samples = Float32Array.from(
      { length: 900 + 160 * (i % 3) },
      (__, t) => Math.sin(t * (isHigh ? 1.5 : 0.3)) / 2,
    )
    return { source: { name: `${i}.wav`, samples, sampleRate: 8000 }, target: isHigh ? 'hi' : 'lo' }
  })

/** A wave with a period of 8 steps, and a slow rise. */
export function wave(length: number): Series {
  const values = Array.from({ length }, (_, t) => Math.sin((2 * Math.PI * t) / 8) + 0.01 * t)
  return { values, steps: values.map((_, t) => `${t}`) }
}
