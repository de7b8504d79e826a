import type { RandomStream } from '@heddle/core'
import type { MakeRows } from '@heddle/data'
import type { Tokenizer } from '@heddle/tokenizer'
import type { CorpusPart } from '../corpus/corpus-part.ts'
import type { Instance, RowTokens, TokenizedDocument } from '../examples/instance.ts'
import { packedRows } from '../examples/packed-rows.ts'
import { segmentPairs } from '../examples/segment-pairs.ts'

/** Second segment of a row: the next one or one of another document, the next one in one of both orders, or none. */
type Pairs = 'next' | 'order' | 'none'

export interface RowSettings {
  readonly pairs: Pairs
  readonly acrossDocuments: boolean
  readonly maxLength: number
}

/** Makes rows of the documents of some parts: pairs of segments, or full rows of whole sentences. */
export function makeInstances(
  tokenizer: Tokenizer,
  { pairs, acrossDocuments, maxLength, clsId, sepId }: RowTokens & RowSettings,
): MakeRows<CorpusPart, Instance> {
  const options = { maxLength, clsId, sepId }
  return async (parts: readonly CorpusPart[], rng: RandomStream): Promise<readonly Instance[]> => {
    const documents: TokenizedDocument[] = []
    for (const part of parts) {
      for (const sentences of await part.documents()) {
        const ids = sentences.map((text) => Int32Array.from(tokenizer.encodeIds(text, { addSpecialTokens: false })))
        const filled = ids.filter(({ length }) => length > 0)
        if (filled.length > 0) documents.push(filled)
      }
    }
    if (pairs === 'none') return packedRows(documents, { ...options, acrossDocuments })
    return segmentPairs(documents, { ...options, wrong: pairs === 'next' ? 'other document' : 'order' }, rng)
  }
}
