import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { pngFile } from '../test-support/png-file.ts'
import { readCaptionedPictures } from './read-captioned-pictures.ts'

const table = 'row\ten\tko\n0\ta cat\t고양이\n1\ta dog\t개\n'
const bytes = Uint8Array.from({ length: 2 * 2 * 2 * 2 * 3 }, (_, i) => 5 * i)
const source = (...files: [string, string | Uint8Array][]) => ({
  name: 'data',
  files: files.flatMap(([name, content]) => memorySource(name, content).files),
})
const options = { where: 'caption', column: 'ko', size: 2 }

describe('readCaptionedPictures', () => {
  it('reads a set of pictures in several styles with the captions of a table', async () => {
    const { examples } = await readCaptionedPictures(
      source(['a/p_2x2x2x2x3_u8.bin', bytes], ['a/c.tsv', table], ['a/NOTICE', '']),
      options,
    )
    expect(examples.map(({ target, source: { style } }) => [target, style])).toEqual([
      ['고양이', 0],
      ['개', 0],
      ['고양이', 1],
      ['개', 1],
    ])
    expect(examples[1]!.source.pixels[1]).toBeCloseTo((5 * 13) / 255, 6)
  })

  it('reads PNG files that the table names, and counts those that it does not', async () => {
    const red = pngFile({ width: 1, height: 1, colorType: 2, bits: 8, sample: (_x, _y, c) => (c === 0 ? 255 : 0) })
    const files = source(
      ['c.tsv', 'file\tko\tstyle\na.png\t빨강\t3\n'],
      ['pictures/a.png', red],
      ['pictures/b.png', red],
    )
    const { examples, notes } = await readCaptionedPictures(files, options)
    expect(examples.map(({ target, source: { name, style, width } }) => [target, name, style, width])).toEqual([
      ['빨강', 'a.png', 3, 2],
    ])
    expect([...examples[0]!.source.pixels]).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0])
    expect(notes).toEqual(['1 pictures without a caption were left out'])
  })

  it('says what does not fit', async () => {
    await expect(readCaptionedPictures(source(['c.tsv', table]), options)).rejects.toThrow(
      'caption: expected one .tsv of captions and one set of pictures or PNG files, got 1, 0 and 0',
    )
    await expect(
      readCaptionedPictures(source(['p_3x2x2x3.bin', bytes.subarray(0, 36)], ['c.tsv', table]), options),
    ).rejects.toThrow(/expected 2 pictures in colors/)
    await expect(
      readCaptionedPictures(source(['p_2x2x2x2x3.bin', bytes], ['c.tsv', table]), { ...options, column: 'fr' }),
    ).rejects.toThrow(/expected a column 'fr' of captions, got row, en, ko/)
    const missing = source(['c.tsv', 'file\tko\nz.png\t빨강\n'], ['a.png', ''])
    await expect(readCaptionedPictures(missing, options)).rejects.toThrow('c.tsv:2: expected the name of a picture')
  })
})
