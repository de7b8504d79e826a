import { wavFile } from '@heddle/testing/files'
import { describe, expect, it } from 'vitest'
import type { DataFile } from '../sources/data-source.ts'
import { readSounds } from './read-sounds.ts'

const wav = (name: string, sampleRate = 8000, length = 2000): DataFile => {
  const samples = Float32Array.from({ length }, (_, i) => Math.sin(i / 5) / 2)
  return { name, bytes: async () => wavFile(samples, sampleRate) }
}
const folder = (files: readonly DataFile[]) => ({ name: 'recordings', files })
const options = { where: 'spoken-digits' }

describe('readSounds', () => {
  it('labels recordings by their names, and leaves other files out', async () => {
    const files = [
      wav('a/7_anna_0.wav'),
      wav('a/42_tom_12.wav'),
      wav('a/yes_tom.WAV'),
      { name: 'NOTICE.txt', bytes: async () => new Uint8Array() },
    ]
    const { examples, notes } = await readSounds(folder(files), options)
    expect(examples.map(({ target, source }) => [target, source.name, source.take])).toEqual([
      ['7', '7_anna_0.wav', 0],
      ['42', '42_tom_12.wav', 12],
      ['yes', 'yes_tom.WAV', undefined],
    ])
    expect(notes).toEqual(['left out as holding no data: NOTICE.txt'])
  })

  it('tells the parts that folders stand for', async () => {
    const { examples } = await readSounds(folder([wav('x/train/1_a.wav'), wav('x/test/2_a.wav')]), options)
    expect(examples.map(({ split }) => split)).toEqual(['train', 'test'])
  })

  it('keeps the sample rate of each recording', async () => {
    const { examples } = await readSounds(folder([wav('1_a_0.wav', 16_000), wav('1_a_1.wav')]), options)
    expect(examples.map(({ source }) => source.sampleRate)).toEqual([16_000, 8000])
    expect(examples[0]!.source.samples).toHaveLength(2000)
  })

  it('refuses a sample rate so low that conversion would blow the sound up', async () => {
    await expect(readSounds(folder([wav('1_a_0.wav', 1)]), options)).rejects.toThrow(
      '1_a_0.wav: expected at least 1000 samples a second, got 1.',
    )
  })

  it('says when there is no recording, or an empty one', async () => {
    await expect(readSounds(folder([]), options)).rejects.toThrow(
      'spoken-digits: expected WAV files such as 7_anna_0.wav, got none in recordings.',
    )
    await expect(readSounds(folder([wav('1_a_0.wav', 8000, 0)]), options)).rejects.toThrow(
      '1_a_0.wav: expected a sound, got none.',
    )
  })
})
