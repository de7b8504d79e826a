import { describe, expect, it } from 'vitest'
import { rowFormat, separatedBy } from '../formats/write-rows.ts'
import { memorySource } from '../sources/data-source.ts'
import { type LabeledTextsOptions, readLabeledTexts } from './read-labeled-texts.ts'

const read = (name: string, content: string, options: Partial<LabeledTextsOptions> = {}) =>
  readLabeledTexts(memorySource(name, content), { where: 'test', ...options })
const labels = async (...input: Parameters<typeof read>) =>
  (await read(...input)).examples.map(({ text, label }) => [text, label])

describe('lists of labels', () => {
  it('stand in a column with a separator; an empty cell is an example without a label', async () => {
    const csv = '\ufefftext,labels\r\n"one, two","a, b"\r\n"a\nline",""\r\n"c","b,b,"\r\n'
    expect(await labels('x.csv', csv, { separator: ',', labelNames: { a: 'A' } })).toEqual([
      ['one, two', ['A', 'b']],
      ['a\nline', []],
      ['c', ['b']],
    ])
    expect(await labels('x.tsv', 'text\tlabel\nx\ta b\ny\t\n', { separator: ' ' })).toEqual([
      ['x', ['a', 'b']],
      ['y', []],
    ])
  })

  it.each(['csv', 'tsv', 'jsonl'])('come back as they were written to .%s', async (extension) => {
    const examples = [
      { text: 'one', label: ['sport', 'local news'] },
      { text: 'two', label: [] },
      { text: 'three', label: ['law, order', 'sport'] },
      { text: 'four', label: [' odd'] },
      { text: 'five', label: ['[draft]'] },
      { text: 'six', label: ['"quoted"', 'sport'] },
      { text: 'seven', label: ['sport'] },
    ]
    const format = rowFormat(`x.${extension}`, 'test')
    const rows = examples.map(({ text, label }) => ({ text, prediction: separatedBy(',', label) }))
    const columns = ['text', 'prediction']
    const written = (format.header?.(columns) ?? '') + rows.map((row) => format.line(row, columns)).join('')
    const back = await labels(`x.${extension}`, written, { label: 'prediction', separator: ',' })
    // Readers trim labels, as spaces around a separator mean nothing.
    expect(back).toEqual(examples.map(({ text, label }) => [text, label.map((each) => each.trim())]))
  })

  it('are JSON lists in a table, without a separator too', async () => {
    const csv = 'text,label\nx,"[""a"", ""b, c""]"\ny,[]\nz,[draft]\nw,a\n'
    expect(await labels('x.csv', csv)).toEqual([
      ['x', ['a', 'b, c']],
      ['y', []],
      ['z', '[draft]'],
      ['w', 'a'],
    ])
  })

  it('are lists in JSON lines; null is no list', async () => {
    const lines = [
      { text: 'x', labels: ['a', 'b'] },
      { text: 'y', labels: [] },
      { text: 'z', labels: [1] },
      { text: 'w', labels: null },
    ]
    const { examples, notes } = await read('x.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))
    expect(examples.map(({ label }) => label)).toEqual([['a', 'b'], [], ['1']])
    expect(notes.join()).toContain('1 rows left out; the first: x.jsonl:4')
  })

  it('are named by columns of 0 and 1', async () => {
    const csv = 'id,comment_text,toxic,insult\n1,x,0,1\n2,"y, z",1.0,1\n3,w,0,0\n4,v,-1,-1\n'
    const options = { text: 'comment_text', label: ['toxic', 'insult'] }
    const { examples, notes } = await read('x.csv', csv, options)
    expect(examples.map(({ text, label }) => [text, label])).toEqual([
      ['x', ['insult']],
      ['y, z', ['toxic', 'insult']],
      ['w', []],
    ])
    expect(notes.join()).toContain('1 rows left out; the first: x.csv:5: expected a text and a label, got "v" and')
    expect(await labels('x.tsv', 'x\t0\t1\n', { text: 1, label: [2, 3], header: false })).toEqual([['x', ['3']]])
    expect(await labels('x.jsonl', '{"text":"x","a":true,"b":0}', { label: ['a', 'b'] })).toEqual([['x', ['a']]])
    await expect(read('x.csv', csv, { ...options, label: ['toxik'] })).rejects.toThrow("Did you mean 'toxic'?")
  })

  it("are words with the prefix of fastText's files", async () => {
    const lines =
      '\ufeff__label__a __label__b some text\r\n\r\nno label\r\n__label__b more __label__c text\n__label__a\n'
    const { examples, notes } = await read('x.txt', lines)
    expect(examples.map(({ text, label }) => [text, label])).toEqual([
      ['some text', ['a', 'b']],
      ['no label', []],
      ['more text', ['b', 'c']],
    ])
    expect(notes).toEqual(['1 lines of x.txt have no text and are left out'])
    expect(await labels('x.txt', 'none at first\n__label__a one\n')).toEqual([
      ['none at first', []],
      ['one', ['a']],
    ])
    expect(await labels('x.txt', '__label__a one\n__label__b two\n')).toEqual([
      ['one', 'a'],
      ['two', 'b'],
    ])
  })
})
