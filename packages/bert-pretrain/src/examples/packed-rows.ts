import type { Instance, RowTokens, TokenizedDocument } from './instance.ts'

export interface PackedRowsOptions extends RowTokens {
  /** Number of ids of a row, with its special tokens. */
  readonly maxLength: number
  /** Whether the next document follows in the same row where there is room (default true). */
  readonly acrossDocuments?: boolean
}

/**
 * Packs whole sentences one after the other into full rows `[CLS] … [SEP]`, across documents with a `[SEP]` between them, or each
 * document by itself. A sentence that is longer than a row goes on in the next one; the last row may be short.
 *
 * @see Liu et al. 2019, "RoBERTa", 4.2 (FULL-SENTENCES and DOC-SENTENCES)
 */
export function packedRows(
  documents: readonly TokenizedDocument[],
  { maxLength, clsId, sepId, acrossDocuments = true }: PackedRowsOptions,
): Instance[] {
  const most = maxLength - 2
  const rows: Instance[] = []
  let row: number[] = []
  const close = () => {
    if (row.at(-1) === sepId) row.pop()
    if (row.length > 0) rows.push({ ids: Int32Array.from([clsId, ...row, sepId]), firstLength: row.length + 2 })
    row = []
  }
  for (const document of documents) {
    for (const sentence of document) {
      if (row.length + sentence.length > most) close()
      for (let at = 0; at < sentence.length; at += most) {
        if (at > 0) close()
        row.push(...sentence.subarray(at, at + most))
      }
    }
    if (!acrossDocuments) close()
    else if (row.length > 0 && row.length < most) row.push(sepId)
  }
  close()
  return rows
}
