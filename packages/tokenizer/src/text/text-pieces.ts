/** UTF-16 units around a cut that must have the same tokens as the two sides of it. */
const CONTEXT = 512
/** Places that are tried for a cut, and pieces without one after which a text counts as one that cannot be cut. */
const TRIES = 8
const FAILURES = 4

export interface PieceOptions {
  /** Length of a piece in UTF-16 units (default 131,072). */
  readonly size?: number | undefined
  /** The tokens of a text, or anything else that depends on what is nearby alone. */
  unitsOf(text: string): ArrayLike<unknown>
}

/**
 * Cuts a text into pieces whose units, one after the other, are those of the whole text. A cut is made where the units of the 512
 * characters before and after it are the same with it and without it: mostly at the end of a line or of a word. What has no such
 * place is one piece.
 */
export function* textPieces(text: string, { size = 1 << 17, unitsOf }: PieceOptions): Generator<string, void> {
  let start = 0
  let failures = 0
  for (let from = size; from + CONTEXT < text.length && failures < FAILURES; ) {
    const cut = placesFrom(text, from).find((place) => isSafe(text, Math.max(start, place - CONTEXT), place, unitsOf))
    if (cut === undefined) {
      failures++
      from += size
      continue
    }
    yield text.slice(start, cut)
    failures = 0
    start = cut
    from = cut + size
  }
  if (start < text.length) yield start === 0 ? text : text.slice(start)
}

/** Places to try: after a line and before a word, before a word, and between any two characters. */
function placesFrom(text: string, from: number): number[] {
  const until = Math.min(text.length - 1, from + CONTEXT)
  const kinds: [number[], number[], number[]] = [[], [], []]
  for (let i = from; i < until; i++) {
    const [before, after] = [text[i - 1]!, text[i]!]
    if (before === '\n' && !isSpace(after)) kinds[0].push(i)
    else if (isSpace(after) && !isSpace(before)) kinds[1].push(i)
    else if (!isLowSurrogate(after)) kinds[2].push(i)
  }
  return kinds.flatMap((places) => places.slice(0, TRIES))
}

function isSafe(text: string, from: number, place: number, unitsOf: PieceOptions['unitsOf']): boolean {
  const whole = unitsOf(text.slice(from, place + CONTEXT))
  const before = unitsOf(text.slice(from, place))
  const after = unitsOf(text.slice(place, place + CONTEXT))
  if (whole.length !== before.length + after.length) return false
  for (let i = 0; i < whole.length; i++) {
    if (whole[i] !== (i < before.length ? before[i] : after[i - before.length])) return false
  }
  return true
}

const isSpace = (unit: string) => unit === ' ' || unit === '\n' || unit === '\t' || unit === '\r'

const isLowSurrogate = (unit: string) => unit >= '\udc00' && unit <= '\udfff'
