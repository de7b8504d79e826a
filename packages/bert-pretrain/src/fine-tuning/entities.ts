import type { DecodeLabels } from '@heddle/tasks'

/** A token with the probability of each label. */
export interface ScoredToken {
  /** The token's name: `##ing`. */
  readonly token: string
  /** Place in the row of tokens. */
  readonly index: number
  /** Range in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Whether it continues the word of the token before it. */
  readonly isSubword: boolean
  readonly probabilities: Float32Array
}

/** A part of a text with its label; without aggregation a token, otherwise adjacent tokens of one kind. */
export interface Entity {
  /** The label of a token (`B-PER`), or the kind of a group (`PER`). */
  readonly label: string
  /** Probability: that of the token, or the mean over the group. */
  readonly score: number
  readonly word: string
  /** Range in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Place in the row of tokens; entities without aggregation have one. */
  readonly index?: number
}

export const AGGREGATION_STRATEGIES = ['none', 'simple', 'first', 'average', 'max'] as const

/** Ways to join tokens; see {@link groupEntities}. */
export type AggregationStrategy = (typeof AGGREGATION_STRATEGIES)[number]

export interface GroupOptions {
  readonly labels: readonly string[]
  readonly strategy: AggregationStrategy
  /** The text of tokens by their names. */
  readonly join: (tokens: readonly string[]) => string
  /** Labels and kinds that are left out (default: `O`). */
  readonly ignore?: readonly string[]
  /** Chooses the labels of tokens or words from their probabilities, each [C] (default: the most probable label of each). */
  readonly decode?: DecodeLabels | undefined
}

type Labeled = Omit<Entity, 'index'> & { readonly index?: number }

/**
 * The entities of a text from the probabilities of its tokens, by the five strategies of transformers:
 *
 * - `none` each token by itself
 * - `simple` adjacent tokens of one kind are a group; a label `B-…` starts a new one
 * - `first`, `average`, `max` the same over whole words, whose label is that of their first token, of the mean of the probabilities,
 *   or of the token that is most sure
 *
 * @see https://huggingface.co/docs/transformers/main_classes/pipelines, TokenClassificationPipeline
 */
export function groupEntities(tokens: readonly ScoredToken[], options: GroupOptions): Entity[] {
  const { labels, strategy, join, ignore = ['O'], decode = (rows) => rows.map(argMax) } = options
  const parts =
    strategy === 'none' || strategy === 'simple'
      ? tokens.map((token) => ({ tokens: [token], probabilities: token.probabilities, word: token.token }))
      : wordsOf(tokens).map((word) => ({
          tokens: word,
          probabilities: wordProbabilities(word, strategy),
          word: join(word.map(({ token }) => token)),
        }))
  const ids = decode(parts.map(({ probabilities }) => probabilities))
  const units = parts.map(({ tokens: all, probabilities, word }, i): Labeled => {
    const id = ids[i]!
    const range = { start: all[0]!.start, end: all.at(-1)!.end }
    const ofToken = strategy === 'none' && { index: all[0]!.index }
    return { label: labels[id]!, score: probabilities[id]!, word, ...range, ...ofToken }
  })
  const entities = strategy === 'none' ? units : groups(units).map((group) => grouped(group, join))
  return entities.filter(({ label }) => !ignore.includes(label))
}

/**
 * Entities of windows that share tokens: of two that overlap, the longer one stays, or the one with the higher score.
 *
 * @param entities those of all windows
 */
export function withoutOverlaps(entities: readonly Entity[]): Entity[] {
  const sorted = [...entities].sort((a, b) => a.start - b.start)
  const kept: Entity[] = []
  for (const entity of sorted) {
    const last = kept.at(-1)
    if (last === undefined || !(last.start <= entity.start && entity.start < last.end)) kept.push(entity)
    else if (isBetter(entity, last)) kept[kept.length - 1] = entity
  }
  return kept
}

function isBetter(a: Entity, b: Entity): boolean {
  const [length, other] = [a.end - a.start, b.end - b.start]
  return length > other || (length === other && a.score > b.score)
}

function wordsOf(tokens: readonly ScoredToken[]): ScoredToken[][] {
  const words: ScoredToken[][] = []
  for (const token of tokens) {
    const last = words.at(-1)
    if (last !== undefined && token.isSubword) last.push(token)
    else words.push([token])
  }
  return words
}

function wordProbabilities(word: readonly ScoredToken[], strategy: AggregationStrategy): Float32Array {
  const all = word.map(({ probabilities }) => probabilities)
  if (strategy === 'first') return all[0]!
  if (strategy === 'average') {
    return all[0]!.map((_, label) => all.reduce((sum, each) => sum + each[label]!, 0) / all.length)
  }
  let surest = all[0]!
  for (const each of all) if (Math.max(...each) > Math.max(...surest)) surest = each
  return surest
}

function groups(units: readonly Labeled[]): Labeled[][] {
  const all: Labeled[][] = []
  for (const unit of units) {
    const group = all.at(-1)
    if (group !== undefined && goesOn(group.at(-1)!.label, unit.label)) group.push(unit)
    else all.push([unit])
  }
  return all
}

const goesOn = (last: string, label: string) => kindOf(last) === kindOf(label) && !label.startsWith('B-')

/** `PER` of `B-PER` and `I-PER`; labels without such a start are kinds themselves. */
const kindOf = (label: string) => label.replace(/^[BI]-/, '')

function grouped(group: readonly Labeled[], join: GroupOptions['join']): Entity {
  const { label, start } = group[0]!
  return {
    // What follows the first hyphen, whatever stands before it, as in transformers.
    label: label.slice(label.indexOf('-') + 1),
    score: group.reduce((sum, { score }) => sum + score, 0) / group.length,
    word: join(group.map(({ word }) => word)),
    start,
    end: group.at(-1)!.end,
  }
}

function argMax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}
