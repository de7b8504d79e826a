import { withParticle } from './hangul.ts'
import {
  type Draw,
  drawDestination,
  drawKind,
  drawManner,
  drawMeans,
  drawPerson,
  drawPlace,
  drawThing,
  drawTime,
  type Phrase,
  type Subject,
} from './phrases.ts'
import { indefinite, isSeveral, objectParticle, pluralOf, type Tense } from './predicate.ts'
import {
  BECOME,
  GIVINGS,
  GOINGS,
  HEADINGS,
  INTRANSITIVES,
  MEETINGS,
  STATIVES,
  TRANSITIVES,
  type Verb,
} from './verbs.ts'

/** Joins words with spaces and skips empty ones. */
export const words = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join(' ')

/** Ends a sentence in both languages with a full stop or a question mark. */
export const sentence = (en: string, ko: string, question = false): Phrase => ({
  en: en + (question ? '?' : '.'),
  ko: ko + (question ? '?' : '.'),
})

/** Phrases around a verb besides its subject. English and Korean order them differently. */
export interface Complements {
  readonly object?: Phrase | undefined
  readonly recipient?: Phrase | undefined
  readonly manner?: Phrase | undefined
  readonly companion?: Phrase | undefined
  readonly means?: Phrase | undefined
  readonly place?: Phrase | undefined
  readonly time?: Phrase | undefined
  readonly frequency?: Phrase | undefined
}

/** Complements in their English order, after the verb. */
export const englishTail = ({ object, recipient, manner, companion, means, place, time }: Complements): string =>
  words(object?.en, recipient?.en, manner?.en, companion?.en, means?.en, place?.en, time?.en)

/** Complements in their Korean order, between subject and verb. */
export const koreanMiddle = (complements: Complements): string => {
  const { object, recipient, manner, companion, means, place, time, frequency } = complements
  return words(time?.ko, frequency?.ko, place?.ko, companion?.ko, means?.ko, recipient?.ko, object?.ko, manner?.ko)
}

const VERBS: readonly Verb[] = [
  ...TRANSITIVES,
  ...INTRANSITIVES,
  ...GIVINGS,
  ...GOINGS,
  ...HEADINGS,
  ...MEETINGS,
  ...STATIVES,
]
export const drawVerb = ({ rng }: Draw): Verb => rng.pick(VERBS)

/** Verbs with a place as their object. */
export const OF_PLACES: ReadonlySet<Verb> = new Set(
  TRANSITIVES.filter(({ en }) => ['clean', 'visit', 'build'].includes(en[0])),
)

/** Draws the complements that the verb requires: object, recipient or destination. */
export function drawArguments(verb: Verb, draw: Draw, subject?: Subject): Complements {
  switch (verb.frame) {
    case 'intransitive':
      return {}
    case 'giving': {
      const thing = drawThing(draw.rng.pick(verb.objects), draw)
      const person = drawPerson(draw, subject)
      return {
        object: { en: thing.en, ko: withParticle(thing.ko, 'object') },
        recipient: { en: `to ${person.en}`, ko: `${person.ko}에게` },
      }
    }
    case 'going':
    case 'heading': {
      const place = drawDestination(draw)
      return { object: { en: place.en, ko: verb.frame === 'going' ? `${place.ko}에` : withParticle(place.ko, 'by') } }
    }
    case 'transitive': {
      if (verb === BECOME) {
        const noun = draw.rng.pick(verb.objects)
        const en = subject && isSeveral(subject.person) ? pluralOf(noun) : indefinite(noun)
        return { object: { en, ko: withParticle(noun.ko, objectParticle(verb)) } }
      }
      if (verb.objects.length === 0) {
        const person = drawPerson(draw, subject)
        return { object: { en: person.en, ko: withParticle(person.ko, 'object') } }
      }
      const noun = draw.rng.pick(verb.objects)
      const thing = verb.stative ? drawKind(noun, draw) : drawThing(noun, draw)
      return { object: { en: thing.en, ko: withParticle(thing.ko, 'object') } }
    }
  }
}

/** Draws at most two of manner, company, means, place and time, so that sentences stay readable. */
export function drawAdjuncts(verb: Verb, subject: Subject, tense: Tense, draw: Draw): Complements {
  if (verb.stative) return {}
  const { rng } = draw
  const several = isSeveral(subject.person)
  const goes = verb.frame === 'going' || verb.frame === 'heading'
  const accompanied = !goes && !several && verb.frame !== 'giving' && !MEETINGS.includes(verb)
  const adjuncts: { -readonly [K in keyof Complements]: Complements[K] } = {}
  const kinds = rng.shuffled(['manner', 'companion', 'means', 'place', 'time'] as const)
  for (const kind of kinds.slice(0, rng.integer(3))) {
    if (kind === 'manner') adjuncts.manner = drawManner(draw, several)
    else if (kind === 'companion' && accompanied) {
      const person = drawPerson(draw, subject)
      adjuncts.companion = { en: `with ${person.en}`, ko: `${withParticle(person.ko, 'with')} 함께` }
    } else if (kind === 'means' && verb.frame === 'going') adjuncts.means = drawMeans(draw)
    else if (kind === 'place' && !goes && !OF_PLACES.has(verb)) adjuncts.place = drawPlace(draw)
    else if (kind === 'time') adjuncts.time = drawTime(draw, tense)
  }
  // "alone with somebody" would be a contradiction.
  if (adjuncts.companion && adjuncts.manner?.en === 'alone') delete adjuncts.manner
  return adjuncts
}
