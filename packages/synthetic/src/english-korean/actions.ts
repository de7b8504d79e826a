import {
  type Complements,
  drawAdjuncts,
  drawArguments,
  drawVerb,
  englishTail,
  koreanMiddle,
  OF_PLACES,
  sentence,
  words,
} from './clause.ts'
import { infinitive } from './conjugate.ts'
import { type Draw, drawAnimal, drawFrequency, drawSubject, drawTime, type Phrase } from './phrases.ts'
import { englishPredicate, type Form, koreanPredicate, type Modal, type Tense } from './predicate.ts'
import { BECOME, GIVINGS, INTRANSITIVES, MEETINGS, TRANSITIVES, type Verb } from './verbs.ts'

/** Verbs with animals as subjects. */
const OF_ANIMALS = INTRANSITIVES.filter(({ en }) => ['sleep', 'run', 'walk', 'rest', 'play'].includes(en[0]))
/** Verbs without intention: they take no modal. */
const UNINTENDED = new Set(TRANSITIVES.filter(({ en }) => en[0] === 'lose'))

const MODALS: readonly Modal[] = ['want', 'can', 'must']
const TENSES: readonly Tense[] = ['past', 'present', 'progressive', 'future']

/** An action with its subject, objects, place and time: the most frequent pattern. */
export function drawAction(draw: Draw): Phrase {
  const { rng, register } = draw
  const question = rng.uniform() < 0.16
  const ofAnimal = !question && rng.uniform() < 0.03
  const verb = ofAnimal ? rng.pick(OF_ANIMALS) : rng.uniform() < 0.03 ? BECOME : drawVerb(draw)
  const subject = ofAnimal ? drawAnimal(draw) : drawSubject(draw, { question })
  const intended = !ofAnimal && !verb.stative && !UNINTENDED.has(verb)
  const modal = intended && rng.uniform() < 0.22 ? MODALS[rng.weighted(question ? [1, 1, 0] : [1, 1, 2])] : undefined
  const tense = modal ? rng.pick(['past', 'present'] as const) : drawTense(verb, question, draw)
  const negative = modal !== 'must' && !question && rng.uniform() < 0.17
  const form: Form = { register, person: subject.person, tense, question, negative, modal }

  const complements: { -readonly [K in keyof Complements]: Complements[K] } = {
    ...drawArguments(verb, draw, subject),
    ...drawAdjuncts(verb, subject, modal ? 'past' : tense, draw),
  }
  if (modal && tense === 'present') delete complements.time
  if (tense === 'present' && !modal && !verb.stative) {
    // A habit has a frequency or a time, which also keeps "I read" apart from the past.
    if (!negative && !question && rng.uniform() < 0.5) {
      delete complements.time
      complements.frequency = drawFrequency(draw)
    } else complements.time = drawTime(draw, 'present')
  }
  const [auxiliary, rest] = englishPredicate(verb, form)
  const english = question
    ? words(auxiliary, subject.en, rest, englishTail(complements))
    : words(subject.en, auxiliary, complements.frequency?.en, rest, englishTail(complements))
  return sentence(english, words(subject.marked, koreanMiddle(complements), koreanPredicate(verb, form)), question)
}

function drawTense(verb: Verb, question: boolean, { rng, register }: Draw): Tense {
  if (verb === BECOME) return rng.pick(['past', 'future'] as const)
  if (verb.stative) return rng.pick(['past', 'present'] as const)
  const present = question ? 0 : register === 'polite' ? 4 : 2
  const tense = TENSES[rng.weighted([4, present, 2, 2])]!
  return tense === 'progressive' && verb.frame === 'going' ? 'past' : tense
}

const ASKED = ['what', 'where', 'when', 'who', 'why'] as const
const ASKED_WHERE = [...TRANSITIVES, ...INTRANSITIVES].filter((verb) => !OF_PLACES.has(verb))

/** "What did Minsu eat?", "Who opened the door?", "Where does she work?": Korean puts the question word in the place of the answer. */
export function drawQuestion(draw: Draw): Phrase {
  const { rng, register } = draw
  const asked = rng.pick(ASKED)
  const verb = asked === 'what' ? rng.pick(TRANSITIVES) : asked === 'where' ? rng.pick(ASKED_WHERE) : drawVerb(draw)
  const tense: Tense = verb.stative ? 'past' : rng.pick(['past', 'past', 'future'] as const)
  const subject = asked === 'who' ? undefined : drawSubject(draw, { question: true })
  const form: Form = { register, person: subject?.person ?? 'he', tense, question: true }
  const own = asked === 'what' ? {} : drawArguments(verb, draw, subject)
  const time = asked !== 'when' && !verb.stative && rng.uniform() < 0.35 ? drawTime(draw, tense) : undefined
  const predicate = koreanPredicate(verb, form)
  const tail = englishTail({ ...own, time })
  if (subject === undefined) {
    const [auxiliary, rest] = englishPredicate(verb, { ...form, question: false })
    const korean = words('누가', koreanMiddle({ ...own, time }), predicate)
    return sentence(words('who', auxiliary, rest, tail), korean, true)
  }
  const inPlace = (ko: string): Phrase => ({ en: '', ko })
  const korean: Complements = {
    ...own,
    time: asked === 'when' ? inPlace('언제') : time,
    frequency: asked === 'why' ? inPlace('왜') : undefined,
    place: asked === 'where' ? inPlace('어디에서') : undefined,
    ...(asked === 'what' && { object: inPlace('무엇을') }),
  }
  const [auxiliary, rest] = englishPredicate(verb, form)
  return sentence(
    words(asked, auxiliary, subject.en, rest, tail),
    words(subject.marked, koreanMiddle(korean), predicate),
    true,
  )
}

const REQUESTED: readonly Verb[] = [
  ...TRANSITIVES.filter(({ en }) =>
    'open close fix clean read write sing wash make cook carry choose find buy cut draw'.split(' ').includes(en[0]),
  ),
  ...GIVINGS.filter(({ en }) => en[0] === 'send' || en[0] === 'teach'),
  ...MEETINGS.filter(({ en }) => en[0] !== 'meet'),
]

/** "Please open the door." */
export function drawRequest(draw: Draw): Phrase {
  const verb = draw.rng.pick(REQUESTED)
  const complements = drawArguments(verb, draw)
  return sentence(
    words('please', verb.en[0], englishTail(complements)),
    words(koreanMiddle(complements), infinitive(verb), '주세요'),
  )
}
