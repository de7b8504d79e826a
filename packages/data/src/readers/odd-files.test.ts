import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readLabeledPairs } from './read-labeled-pairs.ts'
import { type LabeledTextsOptions, readLabeledTexts } from './read-labeled-texts.ts'
import { readTaggedSentences } from './read-tagged-sentences.ts'
import { readTextPairs } from './read-text-pairs.ts'

// Files as spreadsheets, pandas and other systems write them. The expected cells are those of Python's csv module and of pandas.

const source = (files: Record<string, string | Uint8Array>) => ({
  name: 'data',
  files: Object.entries(files).map(([name, content]) => ({
    name,
    bytes: async () => (typeof content === 'string' ? new TextEncoder().encode(content) : content),
  })),
})

const texts = async (name: string, content: string | Uint8Array, options: Partial<LabeledTextsOptions> = {}) => {
  const { examples } = await readLabeledTexts(source({ [name]: content }), { where: 'sentiment', ...options })
  return examples.map(({ text, label }) => [text, label])
}

/** Labels of usual names apart, 40 rows whose labels repeat, below a header in another language. */
const korean = (rows: (i: number) => string, header: string) =>
  [header, ...Array.from({ length: 40 }, (_, i) => rows(i))].join('\n')
const word = (i: number) => (i % 2 ? '긍정' : '부정')

const ab = [
  ['a', 'x'],
  ['b, c', 'y'],
]

describe('texts and labels', () => {
  it.each<[string, string | Uint8Array]>([
    ['crlf.tsv', 'text\tlabel\r\na\tx\r\nb, c\ty\r\n'],
    ['mixed.tsv', 'text\tlabel\r\na\tx\nb, c\ty'],
    ['bom.tsv', '\ufefftext\tlabel\na\tx\nb, c\ty\n'],
    ['blank.tsv', 'text\tlabel\n\na\tx\n\n\nb, c\ty'],
    ['empty-last.tsv', 'text\tlabel\t\na\tx\t\nb, c\ty\t\n'],
    ['empty-last.csv', 'text,label,\r\na,x,\r\n"b, c",y,\r\n'],
    ['index.csv', ',text,label\n0,a,x\n1,"b, c",y\n'],
    ['semicolons.csv', 'text;label\na;x\nb, c;y\n'],
    ['all.csv', '"text","label"\n"a","x"\n"b, c","y"\n'],
    ['all.tsv', '"text"\t"label"\n"a"\t"x"\n"b, c"\t"y"\n'],
    ['utf16.tsv', Buffer.from('\ufefftext\tlabel\r\na\tx\r\nb, c\ty\r\n', 'utf16le')],
    ['packed.csv.gz', gzipSync('text,label\na,x\n"b, c",y\n')],
    ['lines.jsonl', '\ufeff{"text":"a","label":"x"}\r\n{"text":"b, c","label":"y"}\r\n'],
    ['array.json', '[\n {"text": "a", "label": "x"},\n {"text": "b, c", "label": "y"}\n]\n'],
    ['decomposed.tsv', `${'문장'.normalize('NFD')}\t${'감정'.normalize('NFD')}\na\tx\nb, c\ty\n`],
  ])('in %s', async (name, content) => {
    expect(await texts(name, content, name === 'decomposed.tsv' ? { text: '문장', label: '감정' } : {})).toEqual(ab)
  })

  it('with quotes, tabs and line ends in quoted cells', async () => {
    const cells = [
      ['he said "no"', 'x'],
      ['a\tb', 'y'],
      ['two\nlines', 'x'],
    ]
    const rows = ['"he said ""no"""', '"a\tb"', '"two\r\nlines"'].map((text, i) => [text, i % 2 ? 'y' : 'x'])
    for (const [name, delimiter] of [
      ['a.csv', ','],
      ['a.tsv', '\t'],
    ] as const) {
      const content = [['text', 'label'], ...rows].map((row) => row.join(delimiter)).join('\r\n')
      expect(await texts(name, content), name).toEqual(cells)
    }
    // Quotes of the texts themselves.
    const own = '"So good"\tx\n"So" good\ty\n6" long\tx\n'
    expect((await texts('a.tsv', `text\tlabel\n${own}`)).map(([text]) => text)).toEqual([
      '"So good"',
      '"So" good',
      '6" long',
    ])
  })

  it('below a header in another language, which no other row resembles', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [`문장 ${i}`, word(i)])
    expect(
      await texts(
        'a.tsv',
        korean((i) => `문장 ${i}\t${word(i)}`, '문장\t감정'),
      ),
    ).toEqual(rows)
    expect(
      await texts(
        'a.csv',
        korean((i) => `문장 ${i},${word(i)}`, '문장,감정'),
      ),
    ).toEqual(rows)
    const numbered = korean((i) => `${i}\t문장 ${i}\t${word(i)}`, '번호\t문장\t감정')
    expect(await texts('a.tsv', numbered, { text: 2, label: 3 })).toEqual(rows)
    // A first row with a label that others have is an example.
    const without = korean((i) => `문장 ${i}\t${word(i)}`, '첫 문장\t긍정')
    expect(await texts('a.tsv', without)).toEqual([['첫 문장', '긍정'], ...rows])
  })

  it('with classes counted from 1, before or behind the text, and labels of several words', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [`text ${i}`, `${1 + (i % 3)}`])
    expect(await texts('a.csv', rows.map(([text, label]) => `"${label}","${text}"`).join('\n'))).toEqual(rows)
    expect(await texts('a.csv', rows.map(([text, label]) => `${text},${label}`).join('\n'))).toEqual(rows)
    const spaced = rows.map(([text], i) => [text, i % 2 ? 'very good' : 'not so bad'])
    expect(await texts('a.tsv', spaced.map((row) => row.join('\t')).join('\n'))).toEqual(spaced)
  })

  it('in files of an encoding that does not say so, which are refused with the line', async () => {
    const latin = Uint8Array.from('text\tlabel\ncaf\u00e9\tx\n', (each) => each.charCodeAt(0))
    await expect(texts('a.tsv', latin)).rejects.toThrow('a.tsv:2: expected UTF-8, got an invalid byte 0xe9')
  })

  it('in files that are named after labels, with composed letters or not', async () => {
    const decomposed = '한국'.normalize('NFD')
    const files = source({ 'train/한국.txt': '김\n', [`test/${decomposed}.txt`]: '이\n', 'train/en.txt': 'Kim\n' })
    const { examples } = await readLabeledTexts(files, { where: 'names' })
    expect(examples.map(({ label }) => label)).toEqual(['한국', '한국', 'en'])
  })
})

describe('pairs', () => {
  it('with labels below a header in another language', async () => {
    const labels = ['entailment', 'neutral', 'contradiction']
    const rows = Array.from({ length: 30 }, (_, i) => `p "${i}"\th ${i}\t${labels[i % 3]}`)
    const { examples } = await readLabeledPairs(source({ 'a.tsv': ['전제\t가설\t레이블', ...rows].join('\r\n') }), {
      where: 'bert-pairs',
    })
    expect([examples.length, examples[0]]).toEqual([30, { text: 'p "0"', pair: 'h 0', label: 'entailment' }])
  })

  it('of texts in tables that pandas wrote, and in raw ones', async () => {
    const names = { source: ['source'], target: ['target'] }
    const read = async (name: string, content: string) => {
      const { examples } = await readTextPairs(source({ [name]: content }), { where: 'translate', names })
      return examples
    }
    const expected = [{ source: 'say "hi"', target: '안녕' }]
    expect(await read('a.tsv', 'source\ttarget\n"say ""hi"""\t안녕\n')).toEqual(expected)
    expect(await read('a.tsv', '\ufeffsay "hi"\t안녕\tCC-BY\r\n')).toEqual(expected)
    expect(await read('a.csv', 'target,source\n안녕,"say ""hi"""\n')).toEqual(expected)
    expect(await read('a.json', '[{"source": "say \\"hi\\"", "target": "안녕"}]')).toEqual(expected)
  })
})

describe('tagged sentences', () => {
  it.each([
    ['spaces', 'Seoul B-LOC\n" O\n\n# O\n'],
    ['tabs, a mark and CRLF', '\ufeffSeoul\tB-LOC\r\n"\tO\r\n\r\n#\tO\r\n'],
    ['spaces in blank lines', 'Seoul\tB-LOC\n"\tO\n \n#\tO'],
    ['further columns', '-DOCSTART- -X- O\n\nSeoul NNP B-LOC\n" : O\n\n# NN O\n'],
  ])('with %s', async (_, content) => {
    const { examples } = await readTaggedSentences(source({ 'a.txt': content }))
    expect(examples).toEqual([
      { words: ['Seoul', '"'], tags: ['B-LOC', 'O'] },
      { words: ['#'], tags: ['O'] },
    ])
  })
})
