import { show } from '@heddle/core'
import { BLANK } from './parse-tagged-columns.ts'
import { peek } from './peek.ts'

/** The words of a sentence in a file that has a word in each line, whether they have tags or not. */
export interface StreamedSentence {
  /** The line on which the sentence starts. */
  readonly line: number
  readonly lastLine: number
  /** Its `# sent_id`, or its number in the file. */
  readonly id: string
  readonly words: readonly string[]
  /** The reason why it cannot be read, if so. */
  readonly problem?: string
}

/** Lines that tell whether a file has a word in each. */
const SAMPLE = 200
/** Fewest words from which columns tell that. */
const FEWEST_WORDS = 4

const isBlank = (line: string) => line.trim() === ''
const isComment = (line: string) => /^#+(\s|$)/.test(line)
const isDocumentStart = (line: string) => line.startsWith('-DOCSTART-')

/**
 * Reads sentences of CoNLL-U, or of words in columns with a blank line after each sentence, one by one. Undefined for a file of another
 * kind: its name ends in none of `.conllu`, `.conll`, `.iob`, `.iob2` and `.bio`, and its first lines have not all the same number of columns, at
 * least two, with blank lines among them.
 *
 * @param lines the lines of the file, without their ends
 * @returns the sentences, and all lines of the file for whoever reads it in another way
 */
export async function streamSentences(
  lines: AsyncIterable<string>,
  file: string,
): Promise<{ readonly sentences?: AsyncIterable<StreamedSentence>; readonly lines: AsyncIterable<string> }> {
  const { first, all } = await peek(lines, SAMPLE)
  const data = first.filter((line) => !isBlank(line) && !isComment(line) && !isDocumentStart(line))
  const separator = data.some((line) => line.includes('\t')) ? /\t/ : / +/
  const widths = new Set(data.map((line) => line.trimEnd().split(separator).length))
  const isConllu =
    /\.conllu$/i.test(file) || (data.length > 0 && data.every((line) => /^\d+(?:[-.]\d+)?(?:\t[^\t]*){9}$/.test(line)))
  const isNamed = isConllu || /\.(conll|iob2?|bio)$/i.test(file)
  const between = first.slice(
    0,
    first.findLastIndex((line) => !isBlank(line)),
  )
  const isColumns =
    widths.size === 1 && !widths.has(1) && data.length >= FEWEST_WORDS && between.some((line) => isBlank(line))
  if (!isNamed && !isColumns) return { lines: all }
  const columnsWord = (line: string) => {
    const [word = ''] = line.trimEnd().split(separator)
    return word.trim() || (word !== '' && line.includes('\t') ? BLANK : '')
  }
  const wordOf = isConllu ? conlluWord : columnsWord
  return { sentences: sentencesOf(all, wordOf), lines: all }
}

/** The form of a line of CoNLL-U; null for a line that is no word of its own: a span of several, or an empty node. */
function conlluWord(line: string): string | null | undefined {
  const [id = '', form] = line.split('\t')
  if (/^\d+[-.]\d+$/.test(id)) return null
  return /^\d+$/.test(id) && form !== '' ? form : undefined
}

async function* sentencesOf(
  lines: AsyncIterable<string>,
  wordOf: (line: string) => string | null | undefined,
): AsyncGenerator<StreamedSentence> {
  let [number, count] = [0, 0]
  let block: string[] = []
  const sentence = (): StreamedSentence[] => {
    const [first, last] = [number - block.length, number - 1]
    const own = block.find((line) => /^#\s*sent_id\s*=/.test(line))
    // A first word may be `#` itself: then the line has columns.
    const data = block.filter(
      (line, i) => !(isComment(line) && (i === 0 || isComment(block[i - 1]!)) && !line.includes('\t')),
    )
    const words = data.map(wordOf)
    block = []
    if (data.length === 0) return []
    count++
    const wrong = words.findIndex((word) => word === undefined || word === '')
    return [
      {
        line: first,
        lastLine: last,
        id: own?.replace(/^[^=]*=/, '').trim() || `${count}`,
        words: words.filter((word) => word !== null && word !== undefined),
        ...(wrong !== -1 && { problem: `expected a word with its columns, got ${show(data[wrong])}.` }),
      },
    ]
  }
  for await (const line of lines) {
    number++
    if (isBlank(line) || isDocumentStart(line)) yield* sentence()
    else block.push(line)
  }
  number++
  yield* sentence()
}
