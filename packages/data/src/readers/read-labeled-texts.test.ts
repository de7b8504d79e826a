import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readLabeledTexts } from './read-labeled-texts.ts'

const NAMES = { '0': 'negative', '1': 'positive' }
const read = (name: string, text: string, options = {}) =>
  readLabeledTexts(memorySource(name, text), { where: 'sentiment', ...options })
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('')

describe('readLabeledTexts', () => {
  it('reads texts with labels, names the labels, and leaves empty texts out', async () => {
    const text = 'id\tdocument\tlabel\n1\t좋아요 "최고"\t1\n2\t\t0\n3\t별로\t0\n4\t글쎄\t2\n'
    const { examples, notes } = await read('ratings.txt', text, { labelNames: NAMES })
    expect(examples).toEqual([
      { text: '좋아요 "최고"', label: 'positive' },
      { text: '별로', label: 'negative' },
      { text: '글쎄', label: '2' },
    ])
    expect(notes).toEqual(['1 rows left out; the first: ratings.txt:3: expected a text and a label, got "" and "0".'])
    await expect(read('ratings.txt', text, { malformed: 'error' })).rejects.toThrow(
      'ratings.txt:3: expected a text and a label, got "" and "0". Correct the line, or set malformed to \'skip\'.',
    )
  })

  it('reads CSV with quotes, and JSON lines with numbers', async () => {
    const wanted = [
      { text: 'a, b\nc', label: '1' },
      { text: 'd', label: '0' },
    ]
    expect((await read('a.csv', 'Label,Review\n1,"a, b\nc"\n0,d\n')).examples).toEqual(wanted)
    const lines = '{"label":1,"text":"a, b\\nc"}\n\n{"text":"d","id":[2],"label":0}\n'
    expect((await read('a.jsonl', lines)).examples).toEqual(wanted)
  })

  it('takes the columns that are named or numbered, with a header or without', async () => {
    const wanted = [{ text: 'x', label: 'b' }]
    const table = 'phrase\ty\tid\nx\tb\t7\n'
    expect((await read('a.tsv', table, { text: 'phrase', label: 'y' })).examples).toEqual(wanted)
    expect((await read('a.tsv', table, { text: 1, label: '2', header: true })).examples).toEqual(wanted)
    expect((await read('a.tsv', 'b\t7\tx\n', { text: 3, label: 1 })).examples).toEqual(wanted)
    expect((await read('a.tsv', 'b\tx\n', { label: 1 })).examples).toEqual(wanted)
    expect((await read('a.tsv', 'b\tx\n', { text: 2 })).examples).toEqual(wanted)
    expect((await read('a.tsv', 'y\ttext\nb\tx\n', { label: 'y' })).examples).toEqual(wanted)
  })

  it('takes a first row with one usual name for a header where its label occurs nowhere else', async () => {
    const pairs = rows(12, (i) => `text ${i},${i % 2 ? 'pos' : 'neg'}`)
    expect((await read('a.csv', `a text,label\n${pairs}`)).examples).toHaveLength(12)
    expect((await read('a.csv', `sentence,y\n${pairs}`)).examples[0]).toEqual({ text: 'text 0', label: 'neg' })
    expect((await read('a.csv', `y,sentence\n${rows(12, (i) => `${i % 2},text ${i}`)}`)).examples).toHaveLength(12)
    expect((await read('a.csv', `phrase,y\n${rows(12, (i) => `text ${i},${i % 2}`)}`)).examples).toHaveLength(12)
    const numbered = rows(12, (i) => `${i},text ${i},${i % 2}`)
    expect((await read('a.csv', `id,phrase,label\n${numbered}`, { text: 2, label: 3 })).examples).toHaveLength(12)
    expect((await read('a.csv', `id,phrase,y\n${numbered}`, { text: 2, label: 3 })).examples).toHaveLength(12)
    // The first row is an example like the others.
    expect((await read('a.csv', pairs)).examples).toHaveLength(12)
    expect((await read('a.csv', `a text,rare\n${pairs}`)).examples).toHaveLength(13)
    expect((await read('a.csv', `a text,topic\nanother,topic\n${pairs}`)).examples).toHaveLength(14)
    expect((await read('a.csv', `text,neg\n${pairs}`)).examples).toHaveLength(13)
    expect((await read('a.csv', `a text,label\n${pairs}`, { header: false })).examples).toHaveLength(13)
  })

  it('reads tables by the delimiter of their first rows', async () => {
    const wanted = [
      { text: 'a, b', label: 'x' },
      { text: 'c;d', label: 'y' },
    ]
    expect((await read('a.csv', 'text\tlabel\na, b\tx\nc;d\ty\n')).examples).toEqual(wanted)
    expect((await read('a.csv', '\uFEFFtext;label\r\na, b;x\r\n"c;d";y\r\n')).examples).toEqual(wanted)
    expect((await read('a.tsv', 'text,label\n"a, b",x\nc;d,y\n')).examples).toEqual(wanted)
  })

  it('reads folders of text files, one for each class, within the folders of a split or without', async () => {
    const files = (paths: readonly string[]) => ({
      name: 'reviews',
      files: paths.map((name) => ({ name, bytes: async () => new TextEncoder().encode(`${name}\nmore\n`) })),
    })
    const load = (paths: readonly string[]) => readLabeledTexts(files(paths), { where: 'sentiment' })
    const classes = await load(['d/pos/1.txt', 'd/pos/2.txt', 'd/neg/1.txt', 'd/neg/test.txt'])
    expect(classes.examples[0]).toEqual({ text: 'd/pos/1.txt\nmore', label: 'pos' })
    expect(classes.examples.map(({ label }) => label)).toEqual(['pos', 'pos', 'neg', 'neg'])
    const split = await load([
      ...['train', 'test'].flatMap((part) =>
        ['pos', 'neg'].flatMap((label) => [`d/${part}/${label}/1_9.txt`, `d/${part}/${label}/2_1.txt`]),
      ),
      ...['d/imdb.vocab', 'd/train/urls_pos.txt', 'd/train/unsup/1_0.txt', 'd/train/unsup/2_0.txt'],
    ])
    expect(split.examples.map((each) => `${each.split} ${each.label}`)).toEqual(
      ['train pos', 'train neg', 'test pos', 'test neg'].flatMap((each) => [each, each]),
    )
    expect(split.notes).toContainEqual(expect.stringContaining('left out as in no folder of a class: imdb.vocab'))
    // A file for each class, also in the folders of a split.
    const lines = await load(['train/pos.txt', 'train/neg.txt', 'test/pos.txt', 'test/neg.txt'])
    expect(lines.examples).toHaveLength(8)
    expect(lines.examples[0]).toEqual({ text: 'train/pos.txt', label: 'pos', split: 'train' })
  })

  it('reads JSON lines of arrays by number, also with lists of labels', async () => {
    const { examples, notes } = await read('a.jsonl', '["x",7,"b"]\n{"text":"y"}\n["z",8,1]\n', { text: 1, label: 3 })
    expect(examples).toEqual([
      { text: 'x', label: 'b' },
      { text: 'z', label: '1' },
    ])
    expect(notes).toEqual([expect.stringMatching(/^1 rows left out; the first: a.jsonl:2: expected an array/)])
    const lists = await read('a.jsonl', '["x",["b","c"]]\n["y",[]]\n', { text: 1, label: 2 })
    expect(lists.examples.map(({ label }) => label)).toEqual([['b', 'c'], []])
  })

  it('says which column is missing, and which there are', async () => {
    await expect(read('a.tsv', 'id\ttext\tlabel\n1\ta\t1\n', { text: 'document', label: 'label' })).rejects.toThrow(
      'sentiment: expected a column "document" in a.tsv, got none.',
    )
    await expect(read('a.tsv', 'a\tb\n', { label: 3 })).rejects.toThrow(
      'expected a column 3 in a.tsv, got none. There are 2.',
    )
    await expect(read('a.tsv', '1\ta\t1\n')).rejects.toThrow(
      'sentiment: expected a column of texts and one of labels in a.tsv, got 3 columns that start with "1 | a | 1". Name them with the settings data.text and data.label',
    )
    await expect(read('a.tsv', 'a\tb\n', { text: 1, label: 1 })).rejects.toThrow('expected a column of texts and one')
  })

  it('reads the further files of a split with the columns that the first one told', async () => {
    const first = rows(40, (i) => `${i % 2}\ttext ${i}`)
    // By itself this file seems to have labels that differ and texts that repeat.
    const second = '0\tsame\n1\tsame\n'
    const { examples, found } = await readLabeledTexts(
      {
        name: 'folder',
        files: [...memorySource('train.tsv', first).files, ...memorySource('test.tsv', second).files],
      },
      { where: 'sentiment' },
    )
    expect(examples.slice(-2)).toEqual([
      { text: 'same', label: '0', split: 'test' },
      { text: 'same', label: '1', split: 'test' },
    ])
    expect(found).toEqual({ text: 2, label: 1 })
    expect((await read('a.tsv', 'text\tlabel\nx\tb\n')).found).toBeUndefined()
  })

  it('sees which of two columns is the label where that is certain', async () => {
    const labelFirst = rows(40, (i) => `${i % 2}\ttext ${i}`)
    const { examples, notes } = await read('a.tsv', labelFirst)
    expect(examples[3]).toEqual({ text: 'text 3', label: '1' })
    expect(notes).toEqual(['column 1 was taken for the label, as its 2 values repeat, and column 2 for the text'])
    const labelLast = await read(
      'a.tsv',
      rows(40, (i) => `text ${i}\t${i % 2}`),
    )
    expect(labelLast.examples[3]).toEqual({ text: 'text 3', label: '1' })
    expect(labelLast.notes).toEqual([])
  })

  it('refuses labels that hardly repeat, with their counts, unless the column is named', async () => {
    const text = rows(50_000, (i) => `number ${i % 45_000}\ttext ${i % 42_227}`)
    await expect(read('a.tsv', text)).rejects.toThrow(
      'sentiment: expected labels that repeat, in column 2 of a.tsv, got 42,227 different labels in 50,000 rows. Name the columns with the settings data.text and data.label.',
    )
    expect((await read('a.tsv', text, { label: 2 })).examples).toHaveLength(50_000)
  })

  it('refuses a file most of whose rows do not fit', async () => {
    await expect(read('a.tsv', 'a\tb\nc\nd\n')).rejects.toThrow(
      'sentiment: expected rows with a text and a label in a.tsv, got 1 and 2 others; the first: a.tsv:2: expected 2 columns, got 1: "c". Check the file.',
    )
    await expect(read('a.tsv', '')).rejects.toThrow('sentiment: expected a column of texts')
  })

  it('reads the parts of a split, and refuses several files without one', async () => {
    const table = 'document\tlabel\na\t1\n'
    const source = (...names: string[]) => ({
      name: 'nsmc',
      files: names.flatMap((name) => memorySource(name, table).files),
    })
    const options = { where: 'sentiment' }
    const { examples, notes } = await readLabeledTexts(
      source('ratings_test.txt', 'ratings_train.txt', 'ratings.txt'),
      options,
    )
    expect(examples.map(({ split }) => split)).toEqual(['test', 'train'])
    expect(notes).toEqual(['left out as not part of the split: ratings.txt'])
    await expect(readLabeledTexts(source('a.txt', 'b.txt'), options)).rejects.toThrow('expected one data file, got 2')
  })

  it('reads each line of the files of a folder where they are lists of words, and says which reading it took', async () => {
    const words = (language: string, count: number) => rows(count, (i) => `${language}-${i}`)
    const source = (one: string, other: string) => ({
      name: 'words',
      files: [
        ...['en/a.txt', 'en/b.txt'].flatMap((name) => memorySource(name, one).files),
        ...['ko/a.txt', 'ko/b.txt'].flatMap((name) => memorySource(name, other).files),
      ],
    })
    const lists = source(words('word', 12), words('단어', 15))
    const { examples, notes } = await readLabeledTexts(lists, { where: 'sentiment' })
    expect(examples).toHaveLength(54)
    expect(examples[0]).toEqual({ text: 'word-0', label: 'en' })
    expect(notes).toEqual([
      'the folder of a file is its label, and each line an example, as the files are lists; data.examples=files takes each file as one',
    ])
    const whole = await readLabeledTexts(lists, { where: 'sentiment', examples: 'files' })
    expect([whole.examples.length, whole.notes]).toEqual([
      4,
      ['the folder of a file is its label, and each file an example'],
    ])
    // Verses and short texts are no lists.
    const verses = source(
      rows(12, (i) => `a verse of a poem, the ${i}th,`),
      rows(3, (i) => `${i}`),
    )
    expect((await readLabeledTexts(verses, { where: 'sentiment' })).examples).toHaveLength(4)
    const lines = await readLabeledTexts(verses, { where: 'sentiment', examples: 'lines' })
    expect(lines.examples).toHaveLength(30)
  })

  it('reads the groups of a column', async () => {
    const { examples } = await read('a.csv', 'text,label,author\na,x,Kim\nb,y,\n', { group: 'author' })
    expect(examples).toEqual([
      { text: 'a', label: 'x', group: 'Kim' },
      { text: 'b', label: 'y' },
    ])
    await expect(read('a.csv', 'text,label\na,x\n', { group: 'author' })).rejects.toThrow('expected a column "author"')
  })

  it('reads a file of lines for each class', async () => {
    const files = [...memorySource('0.txt', 'bad\nawful\n').files, ...memorySource('neutral.txt', 'so so\n').files]
    const labelNames = { '0': 'negative' }
    const { examples } = await readLabeledTexts({ name: 'reviews', files }, { where: 'sentiment', labelNames })
    expect(examples).toEqual([
      { text: 'bad', label: 'negative' },
      { text: 'awful', label: 'negative' },
      { text: 'so so', label: 'neutral' },
    ])
  })
})
