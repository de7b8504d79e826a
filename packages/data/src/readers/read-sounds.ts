import { HeddleError } from '@heddle/core'
import { mixToMono, parseWav } from '../formats/parse-wav.ts'
import { baseName } from '../sources/base-name.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, SplitExample } from './read-examples.ts'

/** A sound and its file's name. */
export interface SoundClip {
  readonly name: string
  /** [N], mono, in [-1, 1]. */
  readonly samples: Float32Array
  /** Samples a second. */
  readonly sampleRate: number
  /** Number of the take, from a name such as `7_anna_3.wav`. */
  readonly take?: number
}

/** A sound with its label. */
export interface LabeledSound extends SplitExample {
  readonly source: SoundClip
  readonly target: string
}

export interface SoundsOptions {
  /** The caller's name, for messages. */
  readonly where: string
}

/** Lowest sample rate. Below it, conversion would make a very large sound of a small file. */
const LOWEST_RATE = 1000

/**
 * Reads a WAV file as mono.
 *
 * @throws HeddleError `data` for an empty sound, `format` for a damaged file
 */
export async function readSound(file: DataFile): Promise<SoundClip> {
  const wav = parseWav(await file.bytes(), { file: file.name })
  const samples = mixToMono(wav)
  if (samples.length === 0) {
    throw new HeddleError('data', `${file.name}: expected a sound, got none. Leave the file out.`)
  }
  if (wav.sampleRate < LOWEST_RATE) {
    throw new HeddleError(
      'data',
      `${file.name}: expected at least ${LOWEST_RATE} samples a second, got ${wav.sampleRate}. Check the recording.`,
    )
  }
  const name = baseName(file.name)
  const take = /_(\d+)\.wav$/i.exec(name)?.[1]
  return { name, samples, sampleRate: wav.sampleRate, ...(take !== undefined && { take: Number(take) }) }
}

/**
 * Reads the WAV files of a source. The label is the file's name up to the first underscore: `7` for `7_anna_0.wav`.
 *
 * Other files are left out and named in the notes.
 *
 * @throws HeddleError `data` when there is no WAV file
 */
export async function readSounds(source: DataSource, { where }: SoundsOptions): Promise<ReadExamples<LabeledSound>> {
  const { files: sounds, notes } = dataFiles(source, (name) => /\.wav$/i.test(name))
  const { files, notes: splitNotes } = splitOfFiles(sounds)
  const examples: LabeledSound[] = []
  for (const { file, split } of files) {
    const clip = await readSound(file)
    const [target] = clip.name.replace(/\.wav$/i, '').split('_')
    examples.push({ source: clip, target: target!, ...(split !== undefined && { split }) })
  }
  if (examples.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected WAV files such as 7_anna_0.wav, got none in ${source.name}. Name a folder of recordings.`,
    )
  }
  return { examples, notes: [...notes, ...splitNotes] }
}
