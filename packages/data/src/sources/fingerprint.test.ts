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

it('hashes a large file piece by piece, from bytes or from pieces alike', async () => {
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest()
  const whole = hash(Buffer.concat([hash('abc'), hash('def'), hash('g')]))
  const expected = hash(whole).toString('hex')
  expect(await fingerprint(source('abcdefg'), 3)).toBe(expected)
  const bytes = new TextEncoder().encode('abcdefg')
  const pieces = { size: async () => 7, read: async (start: number, end: number) => bytes.slice(start, end) }
  const file = { name: 'large', pieces, bytes: () => Promise.reject(new Error('read whole')) }
  expect(await fingerprint({ name: 'large', files: [file] }, 3)).toBe(expected)
})
