import { concatenate, type RandomStream } from '@heddle/core'
import { type Instance, pairOf, type RowTokens, SHORT_ROW_SHARE, type TokenizedDocument } from './instance.ts'

export interface SegmentPairOptions extends RowTokens {
  /** Largest number of ids of a row, with its special tokens. */
  readonly maxLength: number
  /** Kind of wrong pairs: a second segment of another document, or the two segments in the wrong order. */
  readonly wrong: 'other document' | 'order'
}

/**
 * Cuts documents into pairs of segments, half of which belong together: the second segment follows the first one in its document.
 * A wrong pair takes its second segment from another document, and the sentences that it displaces are used again; in a single
 * document it comes from before the pair, so the first pair of such a document is right. A document of one sentence has no pairs.
 *
 * @returns rows in the order of the documents
 * @see Devlin et al. 2019, "BERT", 3.1 and A.2; for the order: Lan et al. 2020, "ALBERT", 3.1
 */
export function segmentPairs(
  documents: readonly TokenizedDocument[],
  options: SegmentPairOptions,
  rng: RandomStream,
): Instance[] {
  return documents.flatMap((document, index) => {
    const instances: Instance[] = []
    // One sentence alone has no second segment.
    for (let start = 0; document.length - start >= 2; ) {
      const { instance, used } = nextPair(document, start, options, rng, (least) =>
        elsewhere(documents, index, start, least, rng),
      )
      instances.push(instance)
      start += used
    }
    return instances
  })
}

function nextPair(
  document: TokenizedDocument,
  start: number,
  { maxLength, wrong, ...tokens }: SegmentPairOptions,
  rng: RandomStream,
  other: (least: number) => Int32Array | undefined,
): { instance: Instance; used: number } {
  const most = maxLength - 3
  const target = rng.uniform() < SHORT_ROW_SHARE ? 2 + rng.integer(most - 1) : most
  let end = start
  for (let length = 0; end < document.length && (length < target || end - start < 2); end++) {
    length += document[end]!.length
  }
  const border = start + 1 + rng.integer(end - start - 1)
  const first = concatenate(Int32Array, document.slice(start, border))
  const isWrong = rng.uniform() < 0.5
  const foreign = isWrong && wrong === 'other document' ? other(Math.max(1, target - first.length)) : undefined
  const [a, b] = cut(first, foreign ?? concatenate(Int32Array, document.slice(border, end)), most, rng)
  if (foreign !== undefined) return { instance: pairOf(a, b, 1, tokens), used: border - start }
  const isSwapped = isWrong && wrong === 'order'
  return { instance: isSwapped ? pairOf(b, a, 1, tokens) : pairOf(a, b, 0, tokens), used: end - start }
}

/** Sentences of another place, as many as have `least` tokens if there are: another document, or one before in the only document. */
function elsewhere(
  documents: readonly TokenizedDocument[],
  index: number,
  start: number,
  least: number,
  rng: RandomStream,
): Int32Array | undefined {
  let source = documents[index]!.slice(0, start)
  if (documents.length > 1) {
    const chosen = rng.integer(documents.length - 1)
    source = [...documents[chosen < index ? chosen : chosen + 1]!]
  }
  if (source.length === 0) return undefined
  const from = rng.integer(source.length)
  let end = from
  for (let length = 0; end < source.length && length < least; end++) length += source[end]!.length
  return concatenate(Int32Array, source.slice(from, end))
}

/** Shortens the longer of both, token by token, at its start or its end. */
function cut(first: Int32Array, second: Int32Array, most: number, rng: RandomStream): [Int32Array, Int32Array] {
  let [a, b] = [first, second]
  while (a.length + b.length > most) {
    const isFront = rng.uniform() < 0.5
    const shorter = (segment: Int32Array) => (isFront ? segment.subarray(1) : segment.subarray(0, -1))
    if (a.length > b.length) a = shorter(a)
    else b = shorter(b)
  }
  return [a, b]
}
