import {
  memorySource,
  parseConllu,
  parseCsv,
  parseDate,
  parseJsonl,
  parseLines,
  parseTsv,
  readClassFiles,
  readLabeledTexts,
  readSeries,
  readTaggedSentences,
  readTextPairs,
  readTexts,
  splitText,
} from '@heddle/data'
import fc from 'fast-check'
import { type FuzzTarget, readOrRefused } from '../fuzz.ts'
import { mutated, mutatedText } from '../mutations.ts'

const cell = fc.oneof(
  fc.constantFrom('a', '가', '', ' ', '1', '0.5', '"', '""', 'a,b', 'x\ty', '😀', 'text', 'label', '2020-01-02', '_'),
  fc.string({ maxLength: 6, unit: 'binary' }),
)
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n')

const table = (separator: string) =>
  fc
    .tuple(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 }), lineEnd)
    .map(([rows, end]) => rows.map((row) => row.join(separator) + end).join(''))

const jsonLines = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.dictionary(fc.constantFrom('text', 'label', 'source', 'target', 'x'), fc.oneof(cell, fc.integer())),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      { maxLength: 5 },
    ),
    lineEnd,
  )
  .map(([values, end]) => values.map((value) => JSON.stringify(value) + end).join(''))

const conllu = fc
  .array(
    fc.oneof(
      fc.constantFrom('# sent_id = 1', '# text = a', '#', '# a = b = c', '', '1-2\ta\t_\t_\t_\t_\t_\t_\t_\t_'),
      fc
        .tuple(
          fc.constantFrom('1', '2', '3', '1.1', '0', '2-3'),
          cell,
          fc.constantFrom('_', 'A=b', 'A=b|C=d', '|', '='),
          fc.constantFrom('0', '1', '9', '_', 'x'),
        )
        .map(([id, form, features, head]) =>
          [id, form, form, 'NOUN', 'NN', features, head, 'root', '_', '_'].join('\t'),
        ),
    ),
    { maxLength: 8 },
  )
  .map((lines) => `${lines.join('\n')}\n\n`)

const anyText = fc.oneof(table(','), table('\t'), jsonLines, conllu)

export const textTarget: FuzzTarget<string> = {
  name: 'tables, JSON lines, CoNLL-U',
  inputs: mutatedText(anyText),
  async check(text) {
    for (const malformed of ['error', 'skip'] as const) {
      const options = { file: 'a', malformed }
      await readOrRefused(() => parseLines(text, options))
      await readOrRefused(() => parseCsv(text, options))
      await readOrRefused(() => parseCsv(text, { ...options, header: false, columns: ['x', null, 'y'] }))
      await readOrRefused(() => parseTsv(text, { ...options, header: true }))
      await readOrRefused(() => parseTsv(text, { ...options, columns: ['x', 'y'], moreColumns: 'ignore' }))
      await readOrRefused(() => parseJsonl(text, options))
      await readOrRefused(() => parseConllu(text, options))
    }
  },
}

/** Bytes that may not be UTF-8. */
export const bytesTarget: FuzzTarget<Uint8Array> = {
  name: 'UTF-8',
  inputs: mutated(anyText.map((text) => new TextEncoder().encode(text))),
  async check(bytes) {
    const lines = await readOrRefused(() => parseLines(bytes, { file: 'a' }))
    const isValid = Buffer.from(Buffer.from(bytes).toString('utf8')).equals(Buffer.from(bytes))
    if (isValid !== (lines !== undefined) && !(bytes[0] === 0xff || bytes[0] === 0xfe)) {
      throw new Error(`expected ${isValid ? 'text' : 'an error'}, got the other`)
    }
  },
}

export const readersTarget: FuzzTarget<{ text: string; name: string }> = {
  name: 'readers of text',
  inputs: fc.record({
    text: mutatedText(anyText),
    name: fc.constantFrom('a.csv', 'a.tsv', 'a.txt', 'a.jsonl', 'train.tsv', 'a.conllu'),
  }),
  async check({ text, name }) {
    const one = memorySource(name, text)
    const parts = ['x-train', 'x-test'].flatMap((part) => memorySource(name.replace(/^\w+/, part), text).files)
    const names = { source: ['source', 'text'], target: ['target', 'label'] }
    for (const source of [one, { name: 'folder', files: parts }]) {
      for (const malformed of ['error', 'skip'] as const) {
        await readOrRefused(() => readTextPairs(source, { where: 'pairs', names, malformed }))
        await readOrRefused(() => readLabeledTexts(source, { where: 'texts', malformed }))
        await readOrRefused(() => readLabeledTexts(source, { where: 'texts', malformed, text: 1, label: 'label' }))
        await readOrRefused(() => readClassFiles(source, { where: 'classes', malformed }))
        await readOrRefused(() => readTaggedSentences(source, { where: 'tags', malformed }))
      }
      await readOrRefused(() => readSeries(source, { where: 'series' }))
      const texts = await readOrRefused(() => readTexts(source))
      if (texts === undefined) continue
      // Large files become parts, and these are small.
      const read = texts.examples as readonly string[]
      const split = await readOrRefused(() => splitText(read, { where: 'lm', validation: 0.2, test: 0.1, least: 1 }))
      const whole = read.join('\n')
      if (split !== undefined && [...split.train, ...split.validation, ...split.test].join('') !== whole) {
        throw new Error('expected parts that make up the text')
      }
    }
  },
}

const quoted = (text: string, always: boolean) =>
  always || /[",\n\r]/.test(text) || text.trim() === '' ? `"${text.replaceAll('"', '""')}"` : text

/** Whole tables, each cell of which is known. */
export const csvCellsTarget: FuzzTarget<{ rows: string[][]; always: boolean; end: string }> = {
  name: 'CSV, cells',
  inputs: fc.record({
    rows: fc.array(
      fc.array(fc.string({ maxLength: 8, unit: fc.constantFrom('a', ',', '"', '\n', ' ', '가') }), {
        minLength: 2,
        maxLength: 2,
      }),
      { maxLength: 6 },
    ),
    always: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n'),
  }),
  check({ rows, always, end }) {
    const text = rows.map((row) => row.map((value) => quoted(value, always)).join(',') + end).join('')
    const got = parseCsv(text, { header: false, columns: ['x', 'y'] }).rows.map(({ x, y }) => [x, y])
    if (JSON.stringify(got) !== JSON.stringify(rows)) throw new Error(`got ${JSON.stringify(got)}`)
  },
}

export const dateTarget: FuzzTarget<Date> = {
  name: 'dates',
  inputs: fc.date({ min: new Date(-1e12), max: new Date(1e13), noInvalidDate: true }),
  check(date) {
    const iso = date.toISOString()
    const second = Math.floor(date.getTime() / 1000) * 1000
    for (const [text, wanted] of [
      [iso, date.getTime()],
      [iso.replace('T', ' ').replace('Z', ' UTC'), date.getTime()],
      [iso.replaceAll('-', '/').slice(0, 19), second],
      [`${iso.slice(0, 19)}+0130`, second - 90 * 60_000],
    ] as const) {
      if (parseDate(text) !== wanted) throw new Error(`expected ${wanted} for ${text}, got ${parseDate(text)}`)
    }
  },
}
