import { splitSentences } from './split-sentences.ts'

/** The sentences of a document, in order. */
export type Document = readonly string[]

export interface DocumentSettings {
  /** Separator of documents: an empty line, or the end of every line. */
  readonly documents: 'blank-lines' | 'lines'
  /** Whether a line ends a sentence, or only its page: texts that are wrapped at a fixed width. */
  readonly wrapped: boolean
}

/** Splits a text into documents and these into sentences; documents without a word are left out. */
export function splitDocuments(text: string, { documents, wrapped }: DocumentSettings): Document[] {
  const lines = text.split(/\r\n?|\n/)
  const result: Document[] = []
  let paragraph: string[] = []
  const close = () => {
    const parts = wrapped ? [paragraph.join(' ')] : paragraph
    const sentences = parts.flatMap(splitSentences)
    if (sentences.length > 0) result.push(sentences)
    paragraph = []
  }
  for (const line of lines) {
    if (line.trim() === '' || documents === 'lines') {
      if (line.trim() !== '') paragraph.push(line)
      close()
    } else paragraph.push(line)
  }
  close()
  return result
}
