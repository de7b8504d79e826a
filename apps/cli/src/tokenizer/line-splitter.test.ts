import { expect, it } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function split(bytes: Uint8Array, size: number): string[] {
  const splitter = new LineSplitter('file')
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)))
  lines.push(...splitter.finish())
  expect(splitter.lines).toBe(lines.length)
  return lines
}

it('gives the same lines however the bytes are cut, within characters too', () => {
  const bytes = bytesOf('\uFEFF나는 학교에\r\n\n갔다.\u2028 a\rb\n🙂 end')
  for (let size = 1; size <= bytes.length; size++)
    expect(split(bytes, size)).toEqual(['나는 학교에', '', '갔다.\u2028 a\rb', '🙂 end'])
})

it('counts a last line without a line feed, and none after the last line feed', () => {
  expect(split(bytesOf('a\nb'), 2)).toEqual(['a', 'b'])
  expect(split(bytesOf('a\nb\n'), 2)).toEqual(['a', 'b'])
  expect(split(bytesOf(''), 2)).toEqual([])
})

it('names the line that is not UTF-8', () => {
  const bytes = new Uint8Array([...bytesOf('one\n둘\n'), 0xff, 0x0a, ...bytesOf('four\n')])
  for (const size of [1, 4, 100]) expect(() => split(bytes, size)).toThrow(/^file:3: expected UTF-8/)
})
