/** Tokens of a document, sentence by sentence. */
export type TokenizedDocument = readonly Int32Array[]

/** A row before masking: `[CLS] A [SEP]`, or `[CLS] A [SEP] B [SEP]`. */
export interface Instance {
  readonly ids: Int32Array
  /** Number of ids of the first segment with its `[CLS]` and `[SEP]`; those after it have type 1. */
  readonly firstLength: number
  /** Whether the second segment is wrong: 0 it follows the first one (or stands in order), 1 it does not. Undefined without pairs. */
  readonly pairLabel?: 0 | 1
}

export interface RowTokens {
  readonly clsId: number
  readonly sepId: number
}

/** Largest share of rows that are shorter than they could be, as short texts occur in fine-tuning (Devlin et al.: 0.1). */
export const SHORT_ROW_SHARE = 0.1

export function pairOf(first: Int32Array, second: Int32Array, label: 0 | 1, { clsId, sepId }: RowTokens): Instance {
  return {
    ids: Int32Array.from([clsId, ...first, sepId, ...second, sepId]),
    firstLength: first.length + 2,
    pairLabel: label,
  }
}
