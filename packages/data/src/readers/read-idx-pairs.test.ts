import { idxFile } from '@heddle/testing/files'
import { describe, expect, it } from 'vitest'
import { readIdxPairs } from './read-idx-pairs.ts'

const values = (count: number) => idxFile([count, 2, 2], new Uint8Array(count * 4).fill(count))
const labels = (count: number) => idxFile([count], new Uint8Array(count))
const source = (files: Record<string, Uint8Array>) => ({
  name: 'folder',
  files: Object.entries(files).map(([name, bytes]) => ({ name, bytes: async () => bytes })),
})
const ranks = { where: 'rows', valueRank: 3, labelRank: 1 }

describe('readIdxPairs', () => {
  it('joins values and labels whatever their names and order', async () => {
    const { examples: pairs } = await readIdxPairs(source({ 'b.bin': labels(3), 'a.bin': values(3) }), ranks)
    expect(pairs.map(({ values, labels }) => [values.shape, labels.shape])).toEqual([[[3, 2, 2], [3]]])
  })

  it('takes several pairs out of a folder, by name, and leaves other files out', async () => {
    const { examples: pairs } = await readIdxPairs(
      source({
        'data/LICENSE': new TextEncoder().encode('text'),
        'data/train-images-idx3-ubyte': values(4),
        'data/t10k-images-idx3-ubyte': values(2),
        'data/t10k-labels-idx1-ubyte': labels(2),
        'data/train-labels-idx1-ubyte': labels(4),
      }),
      ranks,
    )
    expect(pairs.map(({ values, labels, split }) => [values.shape[0], labels.shape[0], split])).toEqual([
      [4, 4, 'train'],
      [2, 2, 'test'],
    ])
  })

  it('goes by the names of files, not of their folders', async () => {
    const { examples } = await readIdxPairs(
      source({
        'images/train-images-idx3-ubyte': values(4),
        'images/train-labels-idx1-ubyte': labels(4),
        'images/t10k-images-idx3-ubyte': values(2),
        'images/t10k-labels-idx1-ubyte': labels(2),
      }),
      ranks,
    )
    expect(examples.map(({ labels, split }) => [labels.shape[0], split])).toEqual([
      [4, 'train'],
      [2, 'test'],
    ])
  })

  it('refuses two files of values for one pair', async () => {
    const files = { 'a-images-1-idx3': values(3), 'a-images-2-idx3': values(3), 'a-labels-idx1': labels(3) }
    await expect(readIdxPairs(source(files), ranks)).rejects.toThrow(
      'rows: expected one IDX file of values for each pair, got two named "a-"',
    )
  })

  it('says what is missing, of another rank or of another size', async () => {
    await expect(readIdxPairs(source({ 'a.idx': values(3) }), ranks)).rejects.toThrow('got only values in folder')
    await expect(readIdxPairs(source({ 'a.idx2': idxFile([2, 2], new Uint8Array(4)) }), ranks)).rejects.toThrow(
      'got rank 2 in a.idx2',
    )
    await expect(readIdxPairs(source({ a: values(3), b: labels(2) }), ranks)).rejects.toThrow('got [2] for [3,2,2]')
  })
})
