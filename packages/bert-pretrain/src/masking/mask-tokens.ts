import type { RandomStream } from '@heddle/core'

export interface MaskingVocabulary {
  /** Id of `[MASK]`. */
  readonly maskId: number
  /** Ids from which a random token is drawn: all but the special ones. */
  readonly replacements: readonly number[]
  /** Whether a token is never chosen: `[CLS]`, `[SEP]`, `[PAD]` and other special tokens. */
  isSpecial(id: number): boolean
  /** Whether a token continues the word of the token before it, as `##ing` does. */
  isContinuation(id: number): boolean
}

export interface MaskingOptions {
  /** Share of the tokens that are chosen (Devlin et al.: 0.15). */
  readonly rate: number
  /** Whether all tokens of a word are chosen together (default false). */
  readonly wholeWord?: boolean
}

export interface MaskedTokens {
  /** The input of the model: the ids with the chosen ones replaced. */
  readonly ids: Int32Array
  /** The chosen positions, in order. */
  readonly positions: Int32Array
  /** Their ids before masking. */
  readonly labels: Int32Array
}

/**
 * Chooses tokens to be predicted: of these 80 % become `[MASK]`, 10 % a random token, and 10 % stay.
 *
 * The number of chosen tokens is `rate` times that of all that may be chosen, rounded up or down at random so that its mean is exact;
 * a short row may have none.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers", 3.1; whole words: its repository, May 2019
 */
export function maskTokens(
  tokens: Int32Array,
  vocabulary: MaskingVocabulary,
  { rate, wholeWord = false }: MaskingOptions,
  rng: RandomStream,
): MaskedTokens {
  const chosen = choosePositions(unitsOf(tokens, vocabulary, wholeWord), rate, rng)
  const positions = Int32Array.from(chosen).sort()
  const ids = tokens.slice()
  const { maskId, replacements } = vocabulary
  for (const at of positions) {
    const draw = rng.uniform()
    if (draw < 0.8) ids[at] = maskId
    else if (draw < 0.9) ids[at] = rng.pick(replacements)
  }
  return { ids, positions, labels: positions.map((at) => tokens[at]!) }
}

/** Positions that are chosen together: single tokens, or the tokens of a word. */
function unitsOf(tokens: Int32Array, vocabulary: MaskingVocabulary, wholeWord: boolean): number[][] {
  const units: number[][] = []
  for (const [at, id] of tokens.entries()) {
    if (vocabulary.isSpecial(id)) continue
    const last = units.at(-1)
    const joins = wholeWord && last !== undefined && last.at(-1) === at - 1 && vocabulary.isContinuation(id)
    if (joins) last.push(at)
    else units.push([at])
  }
  return units
}

function choosePositions(units: readonly number[][], rate: number, rng: RandomStream): number[] {
  const total = units.reduce((sum, { length }) => sum + length, 0)
  let rest = roundAtRandom(total * rate, rng)
  const chosen: number[] = []
  for (const unit of rng.shuffled(units)) {
    if (rest <= 0) break
    // A word that does not fit any more comes in as often as keeps the mean.
    if (unit.length <= rest || rng.uniform() < rest / unit.length) chosen.push(...unit)
    rest -= unit.length
  }
  return chosen
}

/** A whole number next to `x` with the mean `x`. */
function roundAtRandom(x: number, rng: RandomStream): number {
  const whole = Math.floor(x)
  return whole + (rng.uniform() < x - whole ? 1 : 0)
}
