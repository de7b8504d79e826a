import { describe, expect, it } from 'vitest'
import { delimiterOf } from './delimiter.ts'

describe('delimiterOf', () => {
  it.each([
    ['a.csv', 'text,label\n"a, b",1\n', ','],
    ['a.csv', 'text,label\n"a\tb",1\n"c;d",2\n', ','],
    ['a.csv', 'text,label\n"several\nlines, with commas",1\n', ','],
    ['a.csv', '"a\tb\tc",1\n"d\te\tf",2\n', ','],
    ['a.csv', 'a\tb,1\nc\td,2\n', ','],
    ['a.csv', 'only\na\n', ','],
    ['a.csv', '', ','],
    // A row of another length does not make commas tabs or semicolons.
    ['a.csv', 'text,label\na,b,1\nc;d,2\n', ','],
    ['a.tsv', 'text\tlabel\na, b\t1\nc, d\t2\n', '\t'],
    ['a.txt', 'One line, one comma.\nAnother line without.\n', '\t'],
    ['a.txt', 'One line, alone.\n', '\t'],
    // A sentence with as many commas in each line stays between its tabs.
    ['a.tsv', 'a, b\t1\nc, d\t2\n', '\t'],
  ])('%s of %j has the delimiter of its name', (file, text, delimiter) => {
    expect(delimiterOf(file, text)).toBe(delimiter)
  })

  it.each([
    [
      'sts-train.csv',
      'main\tMSRvid\t0001\t5.0\tA plane, taking off.\tA plane.\nmain\tMSRvid\t0002\t1\t"A man\tB\n',
      '\t',
    ],
    // As many commas in each row, by chance.
    ['a.csv', 'x\ty\ta, b\t1\nx\ty\tc, d\t2\n', '\t'],
    ['a.csv', 'text\tlabel\r\na, b\t1\r\nc\t2\r\n', '\t'],
    ['a.csv', 'text;label\n"a; b, c";1\nd;2\n', ';'],
    ['a.csv', 'text;score\na;1,5\nb;2,5\n', ';'],
    ['a.tsv', 'text,label\n"a, b",1\nc,2\n', ','],
    ['a.txt', 'id;text;label\n1;a, b;x\n2;c;y\n', ';'],
  ])('%s of %j has another one', (file, text, delimiter) => {
    expect(delimiterOf(file, text)).toBe(delimiter)
  })

  it('tells it from the first rows of a long file, whose sample may end within quotes', () => {
    const rows = Array.from({ length: 40 }, (_, i) => `"line\none, ${i}",${i}\n`).join('')
    expect(delimiterOf('a.csv', `text,label\n${rows}`)).toBe(',')
    expect(delimiterOf('a.csv', `text;label\n${rows.replaceAll('",', '";')}`)).toBe(';')
    expect(delimiterOf('a.csv', `"${'long, '.repeat(20_000)}",1\n`)).toBe(',')
  })
})
