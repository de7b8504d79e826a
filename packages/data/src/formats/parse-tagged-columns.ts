import { show } from '@heddle/core'
import { decodeText, type TextInput } from './decode-text.ts'
import { type Parsed, type ParseOptions, RowCollector, splitLines } from './parsed.ts'
import { isSpanTag, SpanTagCount } from './span-tags.ts'

/** A sentence with a tag for each word. */
export interface ColumnSentence {
  /** The line on which the sentence starts. */
  readonly line: number
  readonly words: readonly string[]
  readonly tags: readonly string[]
}

export interface TaggedColumnsOptions extends ParseOptions {
  /** Column of the tags, counted from 1 (default: the last one). */
  readonly column?: number | undefined
}

/** The word that stands for a blank between words, where each character is a word. */
export const BLANK = '▁'

/**
 * Reads a file of words and tags in columns, as of the CoNLL shared tasks: a word first, its tag in the last column, a blank line
 * after each sentence. Columns are separated by tabs, or by spaces in a file without tabs.
 *
 * Lines `-DOCSTART-` are skipped, and so are comments (`# …`, `## …`) before a sentence. A blank may be a word of a file with tabs, as
 * where each character has a line; it is read as {@link BLANK}. With `malformed: 'skip'`, a malformed line leaves
 * out its whole sentence.
 *
 * @throws HeddleError `format`: `file:line: expected …, got …` for a word without a tag, or a tag of no span among those of spans
 * @see Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003 shared task"; Park et al. 2021, "KLUE: Korean language understanding
 * evaluation", for one character a line
 */
export function parseTaggedColumns(input: TextInput, options: TaggedColumnsOptions = {}): Parsed<ColumnSentence> {
  const collector = new RowCollector<ColumnSentence>(options)
  const lines = splitLines(decodeText(input, options.file))
  const hasTabs = lines.some((line) => line.includes('\t'))
  const splitCells = (line: string) =>
    hasTabs ? line.split('\t') : line.includes('  ') ? line.split(/ +/) : line.split(' ')
  const cellsOf = (line: string) => {
    const cells = splitCells(line)
    for (const [i, cell] of cells.entries()) {
      cells[i] = cell.trim() || (cell !== '' && line.includes('\t') ? BLANK : '')
    }
    return cells
  }
  const isBlank = (line: string) => line.trim() === ''
  const isData = (line: string) => !isBlank(line) && !isComment(line) && !isDocumentStart(line)
  const width = cellsOf((lines.find(isData) ?? '').trimEnd()).length
  const tagAt = (options.column ?? width) - 1
  // Tags of spans are told by most of the file, so that another tag among them is a mistake and not another kind of tags.
  const isLast = tagAt === width - 1
  const separator = hasTabs ? '\t' : ' '
  const tagOf = (line: string) => {
    const whole = line.trimEnd()
    return isLast ? whole.slice(whole.lastIndexOf(separator) + 1).trim() : (cellsOf(whole)[tagAt] ?? '')
  }
  const count = new SpanTagCount()
  for (const line of lines) if (isData(line)) count.add(tagOf(line))
  const ofSpans = count.areOfSpans

  for (let start = 0; start < lines.length; ) {
    if (isBlank(lines[start]!) || isDocumentStart(lines[start]!)) {
      start++
      continue
    }
    let end = start
    while (end < lines.length && !isBlank(lines[end]!) && !isDocumentStart(lines[end]!)) end++
    const sentence = readSentence(start, end)
    if (sentence !== undefined) collector.add(sentence)
    start = end
  }
  return collector.result()

  function readSentence(start: number, end: number): ColumnSentence | undefined {
    const words: string[] = []
    const found: string[] = []
    for (let i = start; i < end; i++) {
      const cells = cellsOf(lines[i]!.trimEnd())
      const [word, tag] = [cells[0]!, cells[tagAt]]
      const isWord = cells.length === width && (!ofSpans || isSpanTag(tag ?? ''))
      if (words.length === 0 && isComment(lines[i]!) && !isWord) continue
      const problem = problemOf(cells, word, tag)
      if (problem !== undefined) {
        collector.malformed(i + 1, `expected ${problem}, got ${show(lines[i])}.`)
        return undefined
      }
      words.push(word)
      found.push(tag!)
    }
    return words.length === 0 ? undefined : { line: start + 1, words, tags: found }
  }

  function problemOf(cells: readonly string[], word: string, tag: string | undefined): string | undefined {
    if (cells.length !== width) return `a word and its tag in ${width} columns, as in the first line`
    if (tagAt < 1 || tag === undefined) return `a column ${tagAt + 1} of tags after that of words`
    if (word === '' || tag === '') return 'a word and its tag'
    return ofSpans && !isSpanTag(tag)
      ? 'a tag O, B-type, I-type, E-type or S-type, as elsewhere in the file'
      : undefined
  }
}

const isComment = (line: string) => /^#+\s/.test(line)
const isDocumentStart = (line: string) => line.startsWith('-DOCSTART-')
