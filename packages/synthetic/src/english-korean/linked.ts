import { drawArguments, drawVerb, englishTail, koreanMiddle, sentence, words } from './clause.ts'
import { infinitive, type KoreanVerb, pastStem } from './conjugate.ts'
import { type Draw, drawPlace, drawSubject, type Phrase, type Subject } from './phrases.ts'
import { englishBe, englishPredicate, type Form, koreanPredicate } from './predicate.ts'
import { STATES_OF_PEOPLE, type Verb } from './verbs.ts'

const WEATHER: readonly { en: string; ko: string; verb: KoreanVerb }[] = [
  { en: 'it was cold', ko: '날씨가', verb: { ko: '춥다', kind: 'state', inflection: 'ㅂ' } },
  { en: 'it was hot', ko: '날씨가', verb: { ko: '덥다', kind: 'state', inflection: 'ㅂ' } },
  { en: 'it rained', ko: '비가', verb: { ko: '오다', kind: 'action' } },
  { en: 'it snowed', ko: '눈이', verb: { ko: '오다', kind: 'action' } },
]

interface PastClause {
  readonly subject: Subject
  readonly verb: Verb
  readonly form: Form
  /** The English after the subject. */
  readonly english: string
  /** The Korean between subject and verb. */
  readonly middle: string
}

function drawPast(draw: Draw, negative = false): PastClause {
  const subject = drawSubject(draw)
  let verb = drawVerb(draw)
  while (verb.stative) verb = drawVerb(draw)
  const complements = {
    ...drawArguments(verb, draw, subject),
    ...(verb.frame === 'intransitive' && { place: drawPlace(draw) }),
  }
  const form: Form = { register: draw.register, person: subject.person, tense: 'past', negative }
  const [auxiliary, rest] = englishPredicate(verb, form)
  return {
    subject,
    verb,
    form,
    english: words(auxiliary, rest, englishTail(complements)),
    middle: koreanMiddle(complements),
  }
}

const PRONOUNS = ['I', 'we', 'he', 'she', 'they']
/** A reason as a clause without tense: 피곤해서, 비가 와서. */
const because = (verb: KoreanVerb) => `${infinitive(verb)}서`

/** "I slept because I was tired.", "She read at home because it rained." The reason comes first in Korean. */
export function drawReason(draw: Draw): Phrase {
  const { rng } = draw
  const { subject, verb, form, english, middle } = drawPast(draw, rng.uniform() < 0.15)
  const predicate = koreanPredicate(verb, form)
  if (PRONOUNS.includes(subject.en) && rng.uniform() < 0.6) {
    const state = rng.pick(STATES_OF_PEOPLE)
    const [be] = englishBe(form)
    return sentence(
      words(subject.en, english, 'because', subject.en, be, state.en),
      words(subject.marked, because(state), middle, predicate),
    )
  }
  const weather = rng.pick(WEATHER)
  return sentence(
    words(subject.en, english, 'because', weather.en),
    words(weather.ko, because(weather.verb), subject.marked, middle, predicate),
  )
}

/** "Minsu read a book and Jiyoung drank coffee.", "…, but …" */
export function drawLinked(draw: Draw): Phrase {
  const first = drawPast(draw)
  let second = drawPast(draw)
  while (second.subject.en === first.subject.en) second = drawPast(draw)
  const [link, ending] = draw.rng.pick([
    ['and', '고'],
    ['but', '지만'],
  ] as const)
  return sentence(
    words(first.subject.en, first.english, link, second.subject.en, second.english),
    words(
      first.subject.marked,
      first.middle,
      pastStem(first.verb) + ending,
      second.subject.marked,
      second.middle,
      koreanPredicate(second.verb, second.form),
    ),
  )
}
