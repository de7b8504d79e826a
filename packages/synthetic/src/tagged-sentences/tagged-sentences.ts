import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'

/** The words of a sentence and the part of speech of each. */
export interface TaggedSentence {
  readonly words: readonly string[]
  readonly tags: readonly string[]
}

type TaggedWord = readonly [word: string, tag: string]
type Phrase = readonly TaggedWord[]

const list = (words: string) => words.split(' ')

const NAMES = list('Mina Oskar Priya Juno Theo Amara Levi Sana Hugo Ines')
const PRONOUNS = list('he she it somebody nobody everyone')
const DETERMINERS = list('the a this that every some another')
const PREPOSITIONS = list('near behind under with before after like to from')
const CONJUNCTIONS = list('before after because while since')
const AUXILIARIES = list('will can must should may could')
const ADJECTIVES = list('old small light fast green quiet bright present clean warm')
const ADVERBS = list('fast often today there slowly again light')
/** Words that are nouns or verbs, depending on the word before them. */
const NOUN_OR_VERB = list(
  'walk watch plant cook fish call visit record paint water book play dance light clean present answer question farm sail',
)
const NOUNS = list('dog teacher garden river letter window story house bread child').concat(NOUN_OR_VERB)
const VERBS = list('find see carry hear bring meet').concat(NOUN_OR_VERB)
const STEMS = list(
  'bral dost fimp glar hont jeb kret lorm mip norv plint quor rusk stav trel vosk wend yarp zint drosk',
)
const VOWELS = list('a e i o u')

/** An invented word. Its ending determines its part of speech. */
function invented(endings: readonly string[], rng: RandomStream): string {
  return rng.pick(STEMS) + rng.pick(VOWELS) + rng.pick(STEMS).slice(0, 2) + rng.pick(endings)
}

const seldom = (rng: RandomStream) => rng.uniform() < 0.15

const noun = (rng: RandomStream): TaggedWord => [
  seldom(rng) ? invented(['ness', 'tion', 'ment'], rng) : rng.pick(NOUNS),
  'NOUN',
]
const verb = (rng: RandomStream): string => (seldom(rng) ? invented(['ize', 'ify'], rng) : rng.pick(VERBS))
const adjective = (rng: RandomStream): TaggedWord => [
  seldom(rng) ? invented(['ful', 'ous', 'ish'], rng) : rng.pick(ADJECTIVES),
  'ADJ',
]
const adverb = (rng: RandomStream): TaggedWord => [
  seldom(rng) ? invented(['fully', 'ously'], rng) : rng.pick(ADVERBS),
  'ADV',
]
const thirdPerson = (word: string) =>
  /(s|sh|ch|x)$/.test(word) ? `${word}es` : /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`

function nounPhrase(rng: RandomStream): Phrase {
  const kind = rng.uniform()
  if (kind < 0.15) return [[rng.pick(NAMES), 'PROPN']]
  if (kind < 0.3) return [[rng.pick(PRONOUNS), 'PRON']]
  if (kind < 0.4) {
    const [word] = noun(rng)
    return [
      [rng.pick(['two', 'three', 'seven']), 'NUM'],
      [thirdPerson(word), 'NOUN'],
    ]
  }
  const determiner: TaggedWord = [rng.pick(DETERMINERS), 'DET']
  return rng.uniform() < 0.4 ? [determiner, adjective(rng), noun(rng)] : [determiner, noun(rng)]
}

const placePhrase = (rng: RandomStream): Phrase => [[rng.pick(PREPOSITIONS), 'ADP'], ...nounPhrase(rng)]

function verbPhrase(rng: RandomStream, depth: number): Phrase {
  const kind = rng.integer(depth > 0 ? 4 : 5)
  switch (kind) {
    case 0:
      return [[thirdPerson(verb(rng)), 'VERB'], ...nounPhrase(rng)]
    case 1:
      return [[rng.pick(AUXILIARIES), 'AUX'], [verb(rng), 'VERB'], ...nounPhrase(rng), ...placePhrase(rng)]
    case 2:
      return [['wants', 'VERB'], ['to', 'PART'], [verb(rng), 'VERB'], ...nounPhrase(rng)]
    case 3:
      return [[thirdPerson(verb(rng)), 'VERB'], adverb(rng), ...placePhrase(rng)]
    default:
      return [[rng.pick(['says', 'thinks', 'hopes']), 'VERB'], ['that', 'SCONJ'], ...clause(rng, depth + 1)]
  }
}

function clause(rng: RandomStream, depth: number): Phrase {
  return [...nounPhrase(rng), ...verbPhrase(rng, depth)]
}

/**
 * English sentences with the universal part-of-speech tag of each word. Many words have several parts of speech (`watch`, `to`,
 * `that`, `light`, `before`) and some words are invented, so that a tagger needs both the word and its context.
 *
 * @see https://universaldependencies.org/u/pos/ for the tags
 */
export function taggedSentences(count: number, rng: RandomStream): TaggedSentence[] {
  checkInteger('taggedSentences', 'a count', count, 0)
  return Array.from({ length: count }, () => {
    const first = clause(rng, 0)
    const second: Phrase = rng.uniform() < 0.3 ? [[rng.pick(CONJUNCTIONS), 'SCONJ'], ...clause(rng, 1)] : []
    const sentence: Phrase = [...first, ...second, [rng.pick(['.', '.', '!', '?']), 'PUNCT']]
    return { words: sentence.map(([word]) => word), tags: sentence.map(([, tag]) => tag) }
  })
}
