import { HeddleError } from '@heddle/core'
import { mixToMono, parseWav } from '@heddle/data'
import type { DataFile, DataSource } from '../data-source.ts'
import type { ReadExamples } from '../recipe.ts'
import type { WritingExample } from '../writing/exact-match.ts'
import { changeSpeed } from './change-sound.ts'

/** A sound with what its file's name tells. */
export interface SoundClip {
  readonly name: string
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array
  /** The number of the take, where it has one. */
  readonly take?: number
}

const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

export const wordsOf = (digits: readonly number[]): string => digits.map((digit) => DIGIT_WORDS[digit]!).join(' ')

/** A WAV file's sound at the sample rate asked for. */
export async function readClip(file: DataFile, sampleRate: number): Promise<SoundClip> {
  const wav = parseWav(await file.bytes(), { file: file.name })
  const mono = mixToMono(wav)
  if (mono.length === 0) {
    throw new HeddleError('data', `${file.name}: expected a sound, got none. Leave the file out.`)
  }
  const name = file.name.split(/[/\\]/).at(-1)!
  const take = /_(\d+)\.wav$/i.exec(name)?.[1]
  const samples = wav.sampleRate === sampleRate ? mono : changeSpeed(mono, wav.sampleRate / sampleRate)
  return { name, samples, ...(take !== undefined && { take: Number(take) }) }
}

/**
 * The WAV files of a source, labelled by their names up to the first underscore: digits, one or several (`7_anna_0.wav`,
 * `73_anna_1.wav`), or a word. Other files are left out and counted in the notes.
 *
 * @throws HeddleError `data` when there is no WAV file
 */
export async function readSounds(
  source: DataSource,
  sampleRate: number,
): Promise<ReadExamples<WritingExample<SoundClip>>> {
  const examples: WritingExample<SoundClip>[] = []
  const files = source.files.filter(({ name }) => /\.wav$/i.test(name))
  if (files.length === 0) {
    throw new HeddleError(
      'data',
      `digits: expected WAV files such as 7_anna_0.wav, got none in ${source.name}. Name a folder of recordings.`,
    )
  }
  for (const file of files) {
    const clip = await readClip(file, sampleRate)
    const [label] = clip.name.replace(/\.wav$/i, '').split('_')
    const target = /^\d+$/.test(label!) ? wordsOf([...label!].map(Number)) : label!
    examples.push({ source: clip, target })
  }
  const others = source.files.length - files.length
  return { examples, notes: others > 0 ? [`${others} files that are not WAV were left out`] : [] }
}
