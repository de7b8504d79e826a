import type { Model, Normalizer } from '../pipeline/points.ts'
import { charClass, SPACE, WORD } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'
import type { AddedToken } from './added-token.ts'
import { AlignedText } from './aligned-text.ts'
import { TokenMatcher } from './token-matcher.ts'

/** A stretch of text between added tokens, or an added token (with its id). */
export interface Stretch {
  readonly text: AlignedText
  readonly start: number
  readonly end: number
  readonly id: number
}

const NO_TOKEN = -1

interface MatchSet {
  readonly matcher: TokenMatcher
  readonly tokens: readonly AddedToken[]
  readonly ids: readonly number[]
}

/** Tokens added to a model's vocabulary, and the search for them in texts. */
export class AddedVocabulary {
  readonly #ids = new Map<string, number>()
  readonly #tokens = new Map<number, AddedToken>()
  // In search order: special tokens first.
  #special: AddedToken[] = []
  #plain: AddedToken[] = []
  #raw: MatchSet = matchSet([], [], [])
  #normalized: MatchSet = matchSet([], [], [])
  // Normalized contents of the tokens that match in normalized text.
  #normalizedContents = new Map<number, string>()

  /** Tokens and ids, ids ascending. */
  entries(): [number, AddedToken][] {
    return [...this.#tokens].sort((a, b) => a[0] - b[0])
  }

  id(token: string): number | undefined {
    return this.#ids.get(token)
  }

  token(id: number): AddedToken | undefined {
    return this.#tokens.get(id)
  }

  /** The decoded text of a token: its content, normalized if it matches in normalized text. */
  text(id: number): string | undefined {
    return this.#normalizedContents.get(id) ?? this.#tokens.get(id)?.content
  }

  isSpecial(id: number): boolean {
    return this.#tokens.get(id)?.special === true
  }

  /** The contents and their ids. */
  ids(): ReadonlyMap<string, number> {
    return this.#ids
  }

  /**
   * Adds tokens. A token of the model keeps its id; a new token gets the next free id.
   *
   * @returns the number of new or changed tokens
   */
  add(tokens: readonly AddedToken[], model: Model, normalizer: Normalizer | undefined): number {
    let added = 0
    for (const token of tokens) {
      if (sameToken(this.#tokens.get(this.#ids.get(token.content) ?? NO_TOKEN), token)) continue
      const id = this.#ids.get(token.content) ?? model.tokenToId(token.content) ?? this.#nextId(model)
      this.set(id, token)
      added++
    }
    this.refresh(normalizer)
    return added
  }

  /** Sets the token of an id. Call `refresh` afterwards. */
  set(id: number, token: AddedToken): void {
    this.#ids.set(token.content, id)
    this.#tokens.set(id, token)
    this.#special = this.#special.filter(({ content }) => content !== token.content)
    this.#plain = this.#plain.filter(({ content }) => content !== token.content)
    if (token.special) this.#special.push(token)
    else this.#plain.push(token)
  }

  /** Prepares the search, and normalizes the contents of tokens that match in normalized text. */
  refresh(normalizer: Normalizer | undefined): void {
    const all = [...this.#special, ...this.#plain]
    const raw = all.filter((token) => !token.normalized)
    const normalized = all.filter((token) => token.normalized)
    const contents = normalized.map(({ content }) =>
      normalizer?.normalizeToken === undefined
        ? (normalizer?.normalize(AlignedText.of(content)).text ?? content)
        : normalizer.normalizeToken(content),
    )
    this.#normalizedContents = new Map(normalized.map((token, i) => [this.#ids.get(token.content)!, contents[i]!]))
    const idOf = (token: AddedToken) => this.#ids.get(token.content)!
    this.#raw = matchSet(
      raw,
      raw.map(({ content }) => content),
      raw.map(idOf),
    )
    this.#normalized = matchSet(normalized, contents, normalized.map(idOf))
  }

  /**
   * Splits a text at its added tokens and normalizes the stretches between them.
   *
   * Tokens that match in the original text are found first; the rest is normalized and searched for the others.
   *
   * @param encodeSpecial whether special tokens in the text are text like any other
   */
  stretches(text: string, normalizer: Normalizer | undefined, encodeSpecial = false): Stretch[] {
    const whole = AlignedText.of(text)
    const found: Stretch[] = []
    const normalized = (part: AlignedText) =>
      this.#split(normalizer === undefined ? part : normalizer.normalize(part), this.#normalized, found, encodeSpecial)
    this.#split(whole, this.#raw, found, encodeSpecial)
    if (found.length === 1 && found[0]!.id === NO_TOKEN) {
      found.length = 0
      normalized(whole)
      return found
    }
    for (const outer of found.splice(0)) {
      if (outer.id === NO_TOKEN) normalized(AlignedText.of(text.slice(outer.start, outer.end), outer.start))
      else found.push(outer)
    }
    return found
  }

  /** Whether a token, original or normalized, starts with this unit. */
  startsWith(unit: number): boolean {
    return this.#raw.matcher.startsWith(unit) || this.#normalized.matcher.startsWith(unit)
  }

  /** Whether `stretches` may find tokens in a text; those in normalized text are taken for found if normalization changes it. */
  mayOccur(text: string, isChanged: boolean): boolean {
    const { matcher } = this.#normalized
    return (
      this.#raw.matcher.find(text, 0) !== undefined ||
      (isChanged ? !matcher.isEmpty : matcher.find(text, 0) !== undefined)
    )
  }

  #split(text: AlignedText, { matcher, tokens, ids }: MatchSet, found: Stretch[], encodeSpecial: boolean): void {
    const { text: sentence } = text
    let covered = 0
    if (!matcher.isEmpty) {
      for (let match = matcher.find(sentence, 0); match !== undefined; match = matcher.find(sentence, match.end)) {
        const token = tokens[match.pattern]!
        let { start, end } = match
        if (encodeSpecial && token.special) continue
        if (token.singleWord && (endsWithWord(sentence, start) || startsWithWord(sentence, end))) continue
        if (token.lstrip) {
          while (start > covered && isSpaceBefore(sentence, start)) start--
        }
        if (token.rstrip) {
          while (end < sentence.length && isSpaceBefore(sentence, end + 1)) end++
        }
        start = Math.max(start, covered)
        if (covered < start) found.push({ text, start: covered, end: start, id: NO_TOKEN })
        if (start < end) found.push({ text, start, end, id: ids[match.pattern]! })
        covered = Math.max(covered, end)
      }
    }
    if (covered < sentence.length) found.push({ text, start: covered, end: sentence.length, id: NO_TOKEN })
  }

  #nextId(model: Model): number {
    let largest = -1
    for (const id of this.#ids.values()) largest = Math.max(largest, id)
    return Math.max(largest + 1, model.vocabSize)
  }
}

function matchSet(tokens: readonly AddedToken[], contents: readonly string[], ids: readonly number[]): MatchSet {
  const kept = contents.flatMap((content, i) => (content === '' ? [] : [i]))
  return {
    matcher: new TokenMatcher(kept.map((i) => contents[i]!)),
    tokens: kept.map((i) => tokens[i]!),
    ids: kept.map((i) => ids[i]!),
  }
}

function sameToken(a: AddedToken | undefined, b: AddedToken): boolean {
  return (
    a !== undefined &&
    a.content === b.content &&
    a.special === b.special &&
    a.normalized === b.normalized &&
    a.singleWord === b.singleWord &&
    a.lstrip === b.lstrip &&
    a.rstrip === b.rstrip
  )
}

function startsWithWord(text: string, at: number): boolean {
  return at < text.length && (charClass(codePointAt(text, at)) & WORD) !== 0
}

function endsWithWord(text: string, end: number): boolean {
  if (end === 0) return false
  const isPair = end > 1 && codePointAt(text, end - 2) > 0xffff
  return (charClass(codePointAt(text, end - (isPair ? 2 : 1))) & WORD) !== 0
}

function isSpaceBefore(text: string, end: number): boolean {
  return (charClass(text.charCodeAt(end - 1)) & SPACE) !== 0
}
