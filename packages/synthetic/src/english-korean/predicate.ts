import {
  attributive,
  infinitive,
  type KoreanVerb,
  pastStem,
  plainPresent,
  plainQuestion,
  prospective,
} from './conjugate.ts'
import { lastSyllable, withParticle } from './hangul.ts'
import type { Noun } from './nouns.ts'
import { type Adjective, BECOME, type Verb } from './verbs.ts'

/** Style of the end of a sentence: written style (한다체, questions in 해라체) or polite speech (해요체). */
export type Register = 'plain' | 'polite'
export type Tense = 'past' | 'present' | 'progressive' | 'future'
export type Modal = 'want' | 'can' | 'must'
/** The acting person, as far as English agreement and 싶다 / 싶어 하다 distinguish it. */
export type Person = 'I' | 'you' | 'we' | 'he' | 'they'

/** Features that decide the form of a predicate, besides the verb. */
export interface Form {
  readonly register: Register
  readonly person: Person
  readonly tense: Tense
  readonly question?: boolean
  readonly negative?: boolean
  readonly modal?: Modal | undefined
}

const DO: KoreanVerb = { ko: '하다', kind: 'action' }
const NOT_DO: KoreanVerb = { ko: '않다', kind: 'action' }
const NOT_BE: KoreanVerb = { ko: '않다', kind: 'state' }
const EXIST: KoreanVerb = { ko: '있다', kind: 'state' }
const LACK: KoreanVerb = { ko: '없다', kind: 'state' }
const WISH: KoreanVerb = { ko: '싶다', kind: 'state' }

/** A predicate without further auxiliaries: 갔다, 가니, 가요, 갈 것이다. */
function finite(verb: KoreanVerb, { register, tense, question = false }: Form): string {
  if (tense === 'future') {
    return `${prospective(verb)} ${register === 'polite' ? '거예요' : question ? '거니' : '것이다'}`
  }
  if (tense === 'past') return pastStem(verb) + (register === 'polite' ? '어요' : question ? '니' : '다')
  if (register === 'polite') return `${infinitive(verb)}요`
  return question ? plainQuestion(verb) : plainPresent(verb)
}

/** The verb with the auxiliaries of must, can, want and the progressive, then negation. */
function auxiliary(verb: KoreanVerb, form: Form): { before: string; verb: KoreanVerb } {
  const stem = verb.ko.slice(0, -1)
  const { modal, negative = false, tense, person } = form
  if (modal === 'must') return { before: `${infinitive(verb)}야 `, verb: DO }
  if (modal === 'can') return { before: `${prospective(verb)} 수 `, verb: negative ? LACK : EXIST }
  let before = ''
  let last = verb
  if (modal === 'want') {
    before = `${stem}고 `
    last = WISH
    // Korean reports the wish of a third person as visible behavior: 싶어 하다.
    if (person === 'he' || person === 'they') {
      before += '싶어 '
      last = DO
    }
  } else if (tense === 'progressive') {
    before = `${stem}고 `
    last = EXIST
  }
  if (!negative) return { before, verb: last }
  // After the auxiliary 있다 the negation is that of a state, also for actions: 먹고 있지 않다.
  return { before: `${before}${last.ko.slice(0, -1)}지 `, verb: last.kind === 'action' ? NOT_DO : NOT_BE }
}

/** The Korean predicate: 먹고 싶어 하지 않았다. */
export function koreanPredicate(verb: KoreanVerb, form: Form): string {
  const { before, verb: last } = auxiliary(verb, form)
  return before + finite(last, form)
}

/** The noun as a predicate: 의사다, 학생이었니, 교사가 아니에요. */
export function koreanCopula(noun: string, { register, tense, question = false, negative = false }: Form): string {
  const polite = register === 'polite'
  const past = tense === 'past'
  if (negative) {
    const start = `${withParticle(noun, 'subject')} 아니`
    if (past) return `${start}었${polite ? '어요' : question ? '니' : '다'}`
    return start + (polite ? '에요' : question ? '니' : '다')
  }
  const open = lastSyllable(noun).final === ''
  if (past) return `${noun}${open ? '였' : '이었'}${polite ? '어요' : question ? '니' : '다'}`
  if (polite) return noun + (open ? '예요' : '이에요')
  return noun + (question ? (open ? '니' : '이니') : open ? '다' : '이다')
}

/** Whether several people act. */
export const isSeveral = (person: Person): boolean => person === 'we' || person === 'they'

const singular = (person: Person) => person === 'he'
const be = (person: Person, past: boolean) =>
  past ? (person === 'I' || person === 'he' ? 'was' : 'were') : person === 'I' ? 'am' : person === 'he' ? 'is' : 'are'

/** The third person singular of an English verb; a particle stays unchanged: carries, washes, listens to. */
function thirdPerson(base: string): string {
  if (base === 'have') return 'has'
  const [verb, ...rest] = base.split(' ') as [string, ...string[]]
  const inflected = /(s|x|z|ch|sh|o)$/.test(verb)
    ? `${verb}es`
    : /[^aeiou]y$/.test(verb)
      ? `${verb.slice(0, -1)}ies`
      : `${verb}s`
  return [inflected, ...rest].join(' ')
}

/** An English predicate in two parts, [auxiliary or '', rest]. A question puts the subject between them. */
export function englishPredicate(verb: Verb, form: Form): [auxiliary: string, rest: string] {
  const { person, tense, modal, negative = false, question = false } = form
  const [base, past, ing] = verb.en
  const not = negative ? 'not ' : ''
  const isPast = tense === 'past'
  if (modal === 'can')
    return negative && !question && !isPast ? ['cannot', base] : [isPast ? 'could' : 'can', not + base]
  if (modal === 'must') return isPast ? ['', `had to ${base}`] : ['must', base]
  if (tense === 'future') return ['will', not + (modal === 'want' ? `want to ${base}` : base)]
  if (tense === 'progressive') return [be(person, false), not + ing]
  const [plain, simplePast, third] =
    modal === 'want' ? [`want to ${base}`, `wanted to ${base}`, `wants to ${base}`] : [base, past, thirdPerson(base)]
  if (question || negative) return [isPast ? 'did' : singular(person) ? 'does' : 'do', not + plain]
  return ['', isPast ? simplePast : singular(person) ? third : plain]
}

/** "to be" for a predicate noun or adjective: [be, 'not ' or '']. */
export function englishBe({ person, tense, negative = false }: Form): [be: string, not: string] {
  return [be(person, tense === 'past'), negative ? 'not ' : '']
}

/** An adjective before its noun. */
export const koreanAttribute = (adjective: Adjective): string => attributive(adjective)

/** Kind of particle of the object: 되다 takes 이/가 instead of 을/를. */
export const objectParticle = (verb: Verb) => (verb === BECOME ? 'subject' : 'object')

/** The noun with its indefinite article: "a cup", "an umbrella". Mass nouns have none. */
export const indefinite = (noun: Noun, before = ''): string => {
  const word = before === '' ? noun.en : `${before} ${noun.en}`
  return noun.mass ? word : `${/^[aeiou]/i.test(word) ? 'an' : 'a'} ${word}`
}

/** The English plural: from the table where it is irregular, otherwise with -s. */
export const pluralOf = (noun: Noun): string => noun.plural ?? `${noun.en}s`
