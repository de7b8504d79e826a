import { streamSentences } from '@heddle/data'
import type { InputRow, InputSource } from '../task/pipeline.ts'

type SentenceInputs = { readonly rows: AsyncIterable<InputRow<readonly string[]>> } | { readonly source: InputSource }

/** The words of the sentences of a file with a word in each line, one by one; any other source as it is. */
export async function readSentenceInputs(source: InputSource): Promise<SentenceInputs> {
  const { sentences, lines } = await streamSentences(source.lines(), source.name)
  if (sentences === undefined) return { source: { ...source, lines: () => lines } }
  const rows = (async function* () {
    for await (const { line, lastLine, id, words, problem } of sentences) {
      const place = { line, lastLine, cells: { sentence: id } }
      yield problem === undefined ? { ...place, input: words } : { ...place, problem }
    }
  })()
  return { rows }
}
