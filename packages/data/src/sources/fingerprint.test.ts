import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { memorySource } from './data-source.ts'
import { fingerprint } from './fingerprint.ts'

const source = (...contents: string[]) => ({
  name: 'folder',
  files: contents.flatMap((content, i) => memorySource(`${i}.txt`, content).files),
})

it('hashes the hashes of the files', async () => {
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest()
  const expected = hash(Buffer.concat([hash('a'), hash('가\n')])).toString('hex')
  expect(await fingerprint(source('a', '가\n'))).toBe(expected)
})

it('depends on contents, their borders and their order, not on names', async () => {
  const prints = await Promise.all(
    [source('ab', 'c'), source('a', 'bc'), source('c', 'ab'), source('abc'), source()].map((each) => fingerprint(each)),
  )
  expect(new Set(prints).size).toBe(5)
  const renamed = { name: 'other', files: memorySource('other.txt', 'abc').files }
  expect(await fingerprint(renamed)).toBe(prints[3])
})

it('hashes a large file by its size and pieces from its start to its end, from bytes or from pieces alike', async () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251)
  const read: [number, number][] = []
  const fileOf = (content: Uint8Array) => ({
    name: 'large',
    pieces: {
      size: async () => content.length,
      read: async (start: number, end: number) => {
        read.push([start, end])
        return content.slice(start, end)
      },
    },
    bytes: () => Promise.reject(new Error('read whole')),
  })
  const printOf = (content: Uint8Array) => fingerprint({ name: 'large', files: [fileOf(content)] }, 512)
  const print = await printOf(bytes)
  expect(print).toMatch(/^[0-9a-f]{64}$/)
  expect([read.length, read[0], read.at(-1)]).toEqual([256, [0, 2], [4998, 5000]])
  expect(await fingerprint({ name: 'large', files: memorySource('a', bytes).files }, 512)).toBe(print)
  const changed = [bytes.with(0, 7), bytes.with(4999, 7), bytes.with(read[100]![0], 7), bytes.subarray(0, 4999)]
  for (const other of changed) expect(await printOf(other)).not.toBe(print)
  // A single change between the pieces is not seen.
  expect(await printOf(bytes.with(read[100]![1], 7))).toBe(print)
})
