import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { type DataFile, memorySource } from './data-source.ts'
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

it('hashes every byte of a large file in pieces, once for each file', async () => {
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
  const printOf = (file: DataFile) => fingerprint({ name: 'large', files: [file] }, 512, 600)
  const file = fileOf(bytes)
  const print = await printOf(file)
  expect(print).toMatch(/^[0-9a-f]{64}$/)
  expect([read.length, read[0], read[1], read.at(-1)]).toEqual([9, [0, 600], [600, 1200], [4800, 5000]])
  expect(await printOf(file)).toBe(print)
  expect(read).toHaveLength(9)
  expect(await printOf(memorySource('a', bytes).files[0]!)).toBe(print)
  for (let at = 0; at < 5000; at += 313) expect(await printOf(fileOf(bytes.with(at, 255))), `${at}`).not.toBe(print)
  expect(await printOf(fileOf(bytes.subarray(0, 4999)))).not.toBe(print)
})

it('reads a file again that could not be read', async () => {
  let isThere = false
  const file = { name: 'a', bytes: async () => (isThere ? new Uint8Array() : Promise.reject(new Error('none'))) }
  await expect(fingerprint({ name: 'a', files: [file] })).rejects.toThrow('none')
  isThere = true
  expect(await fingerprint({ name: 'a', files: [file] })).toMatch(/^[0-9a-f]{64}$/)
})
