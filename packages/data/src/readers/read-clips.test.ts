import { describe, expect, it } from 'vitest'
import type { DataFile } from '../sources/data-source.ts'
import { pngFile } from '../test-support/png-file.ts'
import { readClipFolder } from './clip-folders.ts'
import { readCaptionedClips } from './read-captioned-clips.ts'
import { readLabeledClips } from './read-labeled-clips.ts'

const size = { height: 2, width: 2 }

/** A frame of one gray, larger than the size asked for. */
const frame = (name: string, gray: number): DataFile => {
  const bytes = pngFile({ width: 4, height: 4, colorType: 0, bits: 8, sample: () => gray })
  return { name, bytes: async () => bytes }
}
const table = (name: string, text: string): DataFile => ({
  name,
  bytes: async () => new TextEncoder().encode(text),
})
const source = (...files: DataFile[]) => ({ name: 'data', files })
const grays = ({ pixels }: { pixels: ArrayLike<number> }, step: number) =>
  Array.from({ length: pixels.length / step }, (_, t) => Math.round(pixels[t * step]! * (step === 12 ? 255 : 1)))

describe('readLabeledClips', () => {
  const read = (...files: DataFile[]) => readLabeledClips(source(...files), { where: 'clip-class', ...size })

  it('reads the frames of each folder in the order of their numbers, with the label above it', async () => {
    const { examples, notes } = await read(
      frame('d/up/a/10.png', 30),
      frame('d/up/a/2.png', 20),
      frame('d/down/b/1.png', 40),
      table('d/notes.txt', ''),
    )
    expect(examples.map(({ labels, pixels }) => [labels, pixels.length])).toEqual([
      [['down'], 4],
      [['up'], 8],
    ])
    expect(grays(examples[1]!, 4)).toEqual([20, 30])
    expect(notes).toEqual(['left out as holding no data: notes.txt'])
  })

  it('takes a split from folders alone, not from the names of frames', async () => {
    const parts = ['train', 'test'].flatMap((part) => [
      frame(`${part}/up/a/test.png`, 1),
      frame(`${part}/down/b/train.png`, 2),
    ])
    const { examples } = await read(...parts)
    expect(examples.map(({ labels, split }) => `${split} ${labels}`).sort()).toEqual([
      'test down',
      'test up',
      'train down',
      'train up',
    ])
  })

  it('says which folders are missing', async () => {
    await expect(read(frame('clips/up/1.png', 1), frame('clips/down/1.png', 1))).rejects.toThrow(
      'clip-class: expected clips of several labels in data, LABEL/CLIP/FRAME.png, got PNG files in clips/down. Put',
    )
    await expect(read(table('a.txt', ''), table('b.txt', ''))).rejects.toThrow('got none')
    await expect(read(frame('a/b/1.png', 1), frame('c/d/1.png', 1), table('a/b/2.png', 'no picture'))).rejects.toThrow(
      'a/b/2.png: expected',
    )
  })
})

describe('readCaptionedClips', () => {
  const read = (...files: DataFile[]) =>
    readCaptionedClips(source(...files), { where: 'clip-caption', column: 'caption', ...size })
  const clips = [frame('d/clips/a/1.png', 10), frame('d/clips/a/2.png', 20), frame('d/clips/b/1.png', 30)]

  it.each([
    ['c.tsv', 'clip\tcaption\nclips/b\tit rests\nclips/a/\tit grows\n'],
    ['c.csv', 'caption,clip\nit rests,b\n"it grows",a\n'],
    ['c.jsonl', '{"clip":"b","caption":"it rests"}\n{"clip":"d/clips/a","caption":"it grows"}\n'],
  ])('reads the clips that %s names', async (name, text) => {
    const { examples } = await read(...clips, table(name, text))
    expect(examples.map(({ source: { name: clip, width }, target }) => [clip, width, target])).toEqual([
      ['b', 2, 'it rests'],
      ['a', 2, 'it grows'],
    ])
    expect(grays(examples[1]!.source, 12)).toEqual([10, 20])
  })

  it('counts clips without a sentence', async () => {
    const { examples, notes } = await read(...clips, table('c.tsv', 'clip\tcaption\na\tit grows\n'))
    expect([examples.length, notes]).toEqual([1, ['1 clips without a sentence were left out']])
  })

  it('says what is wrong, and in which line', async () => {
    const wrong = async (text: string, message: string, ...more: DataFile[]) =>
      expect(read(...clips, ...more, table('c.tsv', text))).rejects.toThrow(message)
    await wrong('clip\tcaption\na\tx\nz\ty\n', "c.tsv:3: expected the path of one folder of PNG files in the column 'clip', got 'z', which none has") // biome-ignore format: one case a line
    await wrong('clip\tcaption\na\tx\n', "got 'a', which 2 have", frame('other/a/1.png', 1))
    await wrong('clip\tcaption\na\t\n', 'c.tsv:2: expected a clip and a sentence, got "a" and ""')
    await wrong('clip\ttext\na\tx\n', 'c.tsv:1: expected a column \'caption\', got "clip, text"')
    await wrong('clip\tcaption\n', 'c.tsv: expected a row for each clip, got none')
    await expect(read(...clips)).rejects.toThrow('expected one table of sentences (.tsv, .csv or .jsonl) and folders of PNG files, got 0 and 2') // biome-ignore format: one case a line
  })
})

describe('readClipFolder', () => {
  const folder = (...files: DataFile[]): DataFile => ({
    name: 'clip',
    bytes: async () => new Uint8Array(),
    files: async () => files,
  })

  it('reads the frames of one folder', async () => {
    const clip = await readClipFolder(folder(frame('clip/1.png', 7)), size)
    expect(clip).toMatchObject({ name: 'clip', width: 2, height: 2 })
    expect(grays(clip, 12)).toEqual([7])
  })

  it('refuses a file, a folder without frames, and several clips', async () => {
    await expect(readClipFolder(frame('a.png', 1), size)).rejects.toThrow('a.png: expected the folder of a clip')
    await expect(readClipFolder(folder(table('a.txt', ''), table('b.txt', '')), size)).rejects.toThrow('a folder without them') // biome-ignore format: one case a line
    await expect(readClipFolder(folder(...['a', 'b'].map((clip) => frame(`${clip}/1.png`, 1))), size)).rejects.toThrow('2 folders of them') // biome-ignore format: one case a line
  })
})
