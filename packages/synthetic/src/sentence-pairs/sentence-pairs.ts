import type { RandomStream } from '@heddle/core'
import { drawDistinct } from '../shared/draw-distinct.ts'

/** Two sentences with their relation, or with their similarity from 0 to 5. */
export interface SentencePair {
  readonly text: string
  readonly pair: string
  readonly label: string
}

export interface SentencePairsOptions {
  /** Whether the second sentence follows from the first, contradicts it or does neither, or how similar they are. Default: labels. */
  readonly targets?: 'labels' | 'scores'
}

/** Words by the more general word that covers them. */
type Concepts = readonly (readonly [general: string, words: readonly string[]])[]

const list = (words: string) => words.split(' ')
const AGENTS: Concepts = [
  ['animal', list('dog cat horse')],
  ['musician', list('drummer pianist singer')],
]
const ACTIONS: Concepts = [
  ['moving', list('running walking jumping')],
  ['resting', list('sleeping sitting lying')],
]
const PLACES: Concepts = [
  ['building', list('school museum station')],
  ['water', list('lake river sea')],
]
const SLOTS = { agent: AGENTS, action: ACTIONS, place: PLACES } as const
type Slot = keyof typeof SLOTS
const NAMES = Object.keys(SLOTS) as Slot[]
const MOODS = list('happy tired young old')
const ADDITIONS = ['for an hour', 'with a friend', 'for the first time', 'before dinner']

/** A word of each slot; `of` is its general word, which may be the word itself. */
type Scene = Readonly<Record<Slot, { readonly word: string; readonly of: string }>> & {
  readonly mood?: string | undefined
  readonly addition?: string | undefined
}

const LABELS = ['entailment', 'contradiction', 'neutral'] as const

/**
 * Pairs of English sentences about who does something somewhere. With labels, as in natural language inference, a more general word
 * follows from a special one and not the other way round, and another word of the same kind contradicts it, so that words must be
 * compared across the pair. With scores, as in semantic textual similarity, words of one kind count half.
 *
 * @see Bowman et al. 2015, "A large annotated corpus for learning natural language inference"; Cer et al. 2017, "SemEval-2017 task 1"
 */
export function sentencePairs(
  count: number,
  rng: RandomStream,
  { targets = 'labels' }: SentencePairsOptions = {},
): SentencePair[] {
  return drawDistinct(
    'sentencePairs',
    count,
    (found) => (targets === 'labels' ? related(LABELS[found % LABELS.length]!, rng) : similar(rng)),
    ({ text, pair }) => `${text}\n${pair}`,
  )
}

function related(label: (typeof LABELS)[number], rng: RandomStream): SentencePair {
  const premise = drawScene(rng, 0.2)
  let scene = { ...followsFrom(premise, rng) }
  if (label === 'contradiction') {
    const slot = rng.pick(NAMES)
    scene = { ...scene, [slot]: otherThan(slot, premise[slot], rng) }
  } else if (label === 'neutral') {
    const open = NAMES.filter((slot) => premise[slot].word === premise[slot].of)
    if (open.length > 0 && rng.uniform() < 0.5) {
      const slot = rng.pick(open)
      const word = rng.pick(wordsOf(slot, premise[slot].of))
      scene = { ...scene, [slot]: { word, of: premise[slot].of } }
    } else if (premise.mood === undefined && rng.uniform() < 0.5) scene = { ...scene, mood: rng.pick(MOODS) }
    else scene = { ...scene, addition: rng.pick(ADDITIONS.filter((each) => each !== premise.addition)) }
  }
  return { text: written(premise), pair: written(scene), label }
}

function similar(rng: RandomStream): SentencePair {
  const [first, other] = [drawScene(rng, 0), drawScene(rng, 0)]
  const kept = 1 + rng.integer(3)
  let second = other
  for (const slot of rng.shuffled(NAMES).slice(0, kept)) second = { ...second, [slot]: first[slot] }
  const shares = NAMES.map((slot) =>
    first[slot].word === second[slot].word ? 1 : first[slot].of === second[slot].of ? 0.5 : 0,
  )
  const score = (5 * shares.reduce<number>((sum, share) => sum + share, 0)) / NAMES.length
  return { text: written(first), pair: written(second), label: score.toFixed(1) }
}

/** @param general share of the words that are general ones */
function drawScene(rng: RandomStream, general: number): Scene {
  const draw = (concepts: Concepts) => {
    const [of, words] = rng.pick(concepts)
    return { word: rng.uniform() < general ? of : rng.pick(words), of }
  }
  return {
    ...{ agent: draw(AGENTS), action: draw(ACTIONS), place: draw(PLACES) },
    ...{ mood: rng.uniform() < 0.3 ? rng.pick(MOODS) : undefined },
    ...{ addition: rng.uniform() < 0.2 ? rng.pick(ADDITIONS) : undefined },
  }
}

/** The scene with some words made general and some left out. */
function followsFrom(scene: Scene, rng: RandomStream): Scene {
  const general = (slot: Slot) => (rng.uniform() < 0.4 ? { word: scene[slot].of, of: scene[slot].of } : scene[slot])
  return {
    ...{ agent: general('agent'), action: general('action'), place: general('place') },
    ...{ mood: rng.uniform() < 0.5 ? scene.mood : undefined },
    ...{ addition: rng.uniform() < 0.5 ? scene.addition : undefined },
  }
}

const wordsOf = (slot: Slot, general: string) => SLOTS[slot].find(([of]) => of === general)![1]

/** A word that cannot be true at the same time. */
function otherThan(slot: Slot, { word, of }: Scene[Slot], rng: RandomStream): Scene[Slot] {
  const siblings = word === of ? [] : wordsOf(slot, of).filter((each) => each !== word)
  const [general, words] = rng.pick(SLOTS[slot].filter(([each]) => each !== of))
  if (siblings.length > 0 && rng.uniform() < 0.6) return { word: rng.pick(siblings), of }
  return { word: rng.uniform() < 0.3 ? general : rng.pick(words), of: general }
}

function written({ agent, action, place, mood, addition }: Scene): string {
  const subject = `${mood === undefined ? '' : `${mood} `}${agent.word}`
  const article = /^[aeiou]/.test(subject) ? 'An' : 'A'
  return `${article} ${subject} is ${action.word} near the ${place.word}${addition === undefined ? '' : ` ${addition}`}.`
}
