import { expect, it } from 'vitest'
import { isQuotedTsv, tabRows } from './quoted-tsv.ts'

const cells = (text: string) => tabRows(text).map((row) => row.cells)

it('reads quoted cells where they need their quotes, or all have them', () => {
  expect(cells('id\ttext\n1\t"he said ""no"""\n2\tplain\n')).toEqual([
    ['id', 'text'],
    ['1', 'he said "no"'],
    ['2', 'plain'],
  ])
  expect(cells('1\t"a\tb"\r\n2\t"two\r\nlines"\r\n')).toEqual([
    ['1', 'a\tb'],
    ['2', 'two\nlines'],
  ])
  expect(cells('"id"\t"text"\n"1"\t"x"\n')).toEqual([
    ['id', 'text'],
    ['1', 'x'],
  ])
})

it('leaves the quotes of texts in place', () => {
  for (const text of [
    '1\t"So good"\n2\tplain',
    '1\t"So" good\n',
    '1\tan inch is 1"\n',
    '1\t"open\n2\tclosed"\n',
    '"',
  ]) {
    expect(isQuotedTsv(text), text).toBe(false)
  }
  // One cell that is no quoted one is enough.
  expect(cells('1\t"a ""b"""\n2\t"so" good\n')).toEqual([
    ['1', '"a ""b"""'],
    ['2', '"so" good'],
  ])
})

it('may look at the start of a longer text', () => {
  const start = '1\t"a ""b"""\n2\t"the rest of this cell\n'
  expect([isQuotedTsv(start), isQuotedTsv(start, true)]).toEqual([false, true])
})

it('takes no time for a quote at the start of each of many lines', () => {
  const text = '"never closed in its line\t1\n'.repeat(50_000)
  const before = process.cpuUsage()
  expect(isQuotedTsv(text)).toBe(false)
  const { user } = process.cpuUsage(before)
  expect(user).toBeLessThan(1e6)
})
