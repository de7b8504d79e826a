import { sentence, words } from './clause.ts'
import { withParticle } from './hangul.ts'
import { ANIMALS, among, BUILDINGS, CLOTHES, type Noun, OCCUPATIONS, READINGS, THINGS, VEHICLES } from './nouns.ts'
import { counted, type Draw, drawSpot, drawSubject, drawThis, type Phrase } from './phrases.ts'
import {
  englishBe,
  englishPredicate,
  type Form,
  indefinite,
  isSeveral,
  koreanCopula,
  koreanPredicate,
  pluralOf,
} from './predicate.ts'
import { QUALITIES, STATES_OF_PEOPLE, TRAITS, type Verb } from './verbs.ts'

const DEGREES = [undefined, undefined, { en: 'very', ko: '아주' }, { en: 'too', ko: '너무' }]
const TENSES = ['past', 'present'] as const
// Larger groups are drawn more often; the square root keeps the adjectives of small groups frequent enough.
const QUALITY_WEIGHTS = QUALITIES.map(([nouns, adjectives]) => Math.sqrt(nouns.length * adjectives.length))

/** "This bag is very heavy.", "Was Minsu tired?", "The park is not quiet." */
export function drawDescription(draw: Draw): Phrase {
  const { rng, register } = draw
  const question = rng.uniform() < 0.2
  const negative = !question && rng.uniform() < 0.25
  const ofThing = rng.uniform() < 0.6
  const [nouns, adjectives] = QUALITIES[rng.weighted(QUALITY_WEIGHTS)]!
  const subject = ofThing ? drawThis(rng.pick(nouns), draw) : drawSubject(draw, { question })
  const adjective = rng.pick(ofThing ? adjectives : rng.uniform() < 0.65 ? STATES_OF_PEOPLE : TRAITS)
  const form: Form = { register, person: subject.person, tense: rng.pick(TENSES), question, negative }
  const degree = negative ? undefined : rng.pick(DEGREES)
  const [be, not] = englishBe(form)
  const rest = words(degree?.en, adjective.en)
  const english = question ? words(be, subject.en, rest) : words(subject.en, be, not + rest)
  return sentence(english, words(subject.marked, degree?.ko, koreanPredicate(adjective, form)), question)
}

/** "Minsu is a doctor.", "They were not teachers." */
export function drawIdentity(draw: Draw): Phrase {
  const { rng, register } = draw
  const question = rng.uniform() < 0.25
  let subject = drawSubject(draw, { question })
  while (OCCUPATIONS.some(({ ko }) => subject.ko.startsWith(ko))) subject = drawSubject(draw, { question })
  const noun = rng.pick(OCCUPATIONS)
  const negative = !question && rng.uniform() < 0.25
  const form: Form = { register, person: subject.person, tense: rng.pick(TENSES), question, negative }
  const [be, not] = englishBe(form)
  const what = isSeveral(subject.person) ? pluralOf(noun) : indefinite(noun)
  const english = question ? words(be, subject.en, what) : words(subject.en, be, not + what)
  return sentence(english, words(subject.marked, koreanCopula(noun.ko, form)), question)
}

const LYING_ABOUT: readonly Noun[] = [...THINGS, ...ANIMALS, ...READINGS]

/** "There are three cats under the desk.", "Is there a key in the box?", "The key was on the table." */
export function drawExistence(draw: Draw): Phrase {
  const { rng, register } = draw
  const noun = rng.pick(LYING_ABOUT)
  const spot = drawSpot(draw)
  const question = rng.uniform() < 0.2
  const negative = !question && rng.uniform() < 0.2
  const form: Form = { register, person: 'he', tense: rng.pick(TENSES), question }
  const exist = koreanPredicate({ ko: negative ? '없다' : '있다', kind: 'state' }, form)
  if (rng.uniform() < 0.35) {
    const [be, not] = englishBe({ ...form, negative })
    const english = question ? words(be, 'the', noun.en, spot.en) : words('the', noun.en, be, not + spot.en)
    return sentence(english, words(withParticle(noun.ko, 'topic'), spot.ko, exist), question)
  }
  const number = negative || rng.uniform() < 0.5 ? undefined : counted(noun, draw)
  const [be] = englishBe({ ...form, person: number ? 'they' : 'he' })
  const what = number ?? { en: negative ? `no ${noun.en}` : indefinite(noun), ko: noun.ko }
  return sentence(
    words(question ? `${be} there` : `there ${be}`, what.en, spot.en),
    words(spot.ko, withParticle(what.ko, 'subject'), exist),
    question,
  )
}

const OWNED: readonly Noun[] = [...THINGS, ...CLOTHES, ...VEHICLES, ...READINGS, ...among(BUILDINGS, 'house')]
const HAVE: Verb = {
  ko: '가지고 있다',
  kind: 'state',
  en: ['have', 'had', 'having'],
  frame: 'transitive',
  objects: OWNED,
}

/** "I have two hats.", "Does she have a car?" */
export function drawPossession(draw: Draw): Phrase {
  const { rng, register } = draw
  const question = rng.uniform() < 0.25
  const subject = drawSubject(draw, { question })
  const negative = !question && rng.uniform() < 0.2
  const form: Form = { register, person: subject.person, tense: rng.pick(TENSES), question, negative }
  const noun = rng.pick(OWNED)
  const what = rng.uniform() < 0.5 ? counted(noun, draw) : { en: indefinite(noun), ko: noun.ko }
  const [auxiliary, have] = englishPredicate(HAVE, form)
  const english = question ? words(auxiliary, subject.en, have, what.en) : words(subject.en, auxiliary, have, what.en)
  return sentence(
    english,
    words(subject.marked, withParticle(what.ko, 'object'), koreanPredicate(HAVE, form)),
    question,
  )
}
