import { describe, expect, it } from 'vitest'
import { idxFile } from '../test-support/idx-file.ts'
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
    const pairs = await readIdxPairs(source({ 'b.bin': labels(3), 'a.bin': values(3) }), ranks)
    expect(pairs.map(({ values, labels }) => [values.shape, labels.shape])).toEqual([[[3, 2, 2], [3]]])
  })

  it('takes several pairs out of a folder, by name, and leaves other files out', async () => {
    const pairs = await readIdxPairs(
      source({
        'data/LICENSE': new TextEncoder().encode('text'),
        'data/train-images-idx3-ubyte': values(4),
        'data/t10k-images-idx3-ubyte': values(2),
        'data/t10k-labels-idx1-ubyte': labels(2),
        'data/train-labels-idx1-ubyte': labels(4),
      }),
      ranks,
    )
    expect(pairs.map(({ values, labels }) => [values.shape[0], labels.shape[0]])).toEqual([
      [4, 4],
      [2, 2],
    ])
  })

  it('says what is missing, of another rank or of another size', async () => {
    await expect(readIdxPairs(source({ 'a.idx': values(3) }), ranks)).rejects.toThrow('got only values in folder')
    await expect(readIdxPairs(source({ 'a.idx2': idxFile([2, 2], new Uint8Array(4)) }), ranks)).rejects.toThrow(
      'got rank 2 in a.idx2',
    )
    await expect(readIdxPairs(source({ a: values(3), b: labels(2) }), ranks)).rejects.toThrow('got [2] for [3,2,2]')
  })
})
