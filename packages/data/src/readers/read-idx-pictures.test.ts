import { idxFile } from '@heddle/testing/files'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readIdxPictures } from './read-idx-pictures.ts'

const count = (length: number) => Uint8Array.from({ length }, (_, i) => i)
const source = (files: Record<string, Uint8Array>) => ({
  name: 'folder',
  files: Object.entries(files).flatMap(([name, bytes]) => memorySource(name, bytes).files),
})

describe('readIdxPictures', () => {
  it('reads pictures, each with its label', async () => {
    const files = { images: idxFile([2, 2, 3], count(12)), labels: idxFile([2], Uint8Array.of(7, 4)) }
    const { examples } = await readIdxPictures(source(files), { where: 'rows' })
    expect(examples).toEqual([
      { pixels: Uint8Array.of(0, 1, 2, 3, 4, 5), width: 3, height: 2, labels: ['7'] },
      { pixels: Uint8Array.of(6, 7, 8, 9, 10, 11), width: 3, height: 2, labels: ['4'] },
    ])
  })

  it('reads clips with a label for each frame', async () => {
    const files = { clips: idxFile([1, 2, 1, 2], count(4)), labels: idxFile([1, 2], Uint8Array.of(3, 1)) }
    const { examples } = await readIdxPictures(source(files), { where: 'frames', clips: true })
    expect(examples).toEqual([{ pixels: Uint8Array.of(0, 1, 2, 3), width: 2, height: 1, labels: ['3', '1'] }])
  })

  it('tells the part of the split that a picture belongs to', async () => {
    const files = {
      'train-images-idx3': idxFile([1, 1, 1], count(1)),
      'train-labels-idx1': idxFile([1], count(1)),
      'test-images-idx3': idxFile([1, 1, 1], count(1)),
      'test-labels-idx1': idxFile([1], count(1)),
    }
    const { examples } = await readIdxPictures(source(files), { where: 'rows' })
    expect(examples.map(({ split }) => split)).toEqual(['train', 'test'])
  })

  it('refuses files without pictures', async () => {
    const files = { images: idxFile([0, 2, 2], count(0)), labels: idxFile([0], count(0)) }
    await expect(readIdxPictures(source(files), { where: 'rows' })).rejects.toThrow(
      'rows: expected pictures with labels',
    )
  })

  it('refuses pixels that are not unsigned bytes', async () => {
    const shorts = idxFile([1, 1, 1], Uint8Array.of(0, 5))
    shorts[2] = 11
    const files = { images: shorts, labels: idxFile([1], count(1)) }
    await expect(readIdxPictures(source(files), { where: 'rows' })).rejects.toThrow(
      'rows: expected pixels as unsigned bytes, got numbers of another type',
    )
  })
})
