import type { RandomStream } from '@heddle/core'
import { withParticle } from './hangul.ts'
import { ANIMALS, CITIES, FURNITURE, NAMES, type Noun, OCCUPATIONS, PEOPLE, PLACES, RELATIONS, ROOMS } from './nouns.ts'
import { indefinite, koreanAttribute, type Person, pluralOf, type Register, type Tense } from './predicate.ts'
import { QUALITIES } from './verbs.ts'

/** Context of a sentence: its random stream and the register that all its parts share. */
export interface Draw {
  readonly rng: RandomStream
  readonly register: Register
}

/** A phrase in both languages. A Korean noun phrase has no particle yet. */
export interface Phrase {
  readonly en: string
  readonly ko: string
}

export interface Subject extends Phrase {
  readonly person: Person
  /** Korean with its particle: 은/는 for known things, 이/가 for new ones ("a cat"). */
  readonly marked: string
}

const NUMBERS = [
  'two 두',
  'three 세',
  'four 네',
  'five 다섯',
  'six 여섯',
  'seven 일곱',
  'eight 여덟',
  'nine 아홉',
  'ten 열',
].map((row) => row.split(' ') as [string, string])
const HOURS = ['one 한', ...NUMBERS.map((row) => row.join(' '))].map((row) => row.split(' ') as [string, string])

const my = (register: Register) => (register === 'polite' ? '제' : '내')

const PRONOUNS: readonly (readonly [en: string, person: Person, plain: string, polite: string | null])[] = [
  ['I', 'I', '나', '저'],
  ['we', 'we', '우리', '우리'],
  ['he', 'he', '그', null],
  ['she', 'he', '그녀', null],
  ['they', 'they', '그들', null],
]

const subject = (en: string, ko: string, person: Person, isNew = false): Subject => ({
  en,
  ko,
  person,
  marked: withParticle(ko, isNew ? 'subject' : 'topic'),
})

/** The subject of an action: a pronoun, a name, a person, a group, two people by name. */
export function drawSubject({ rng, register }: Draw, { question = false } = {}): Subject {
  const roll = rng.uniform()
  if (roll < 0.4) {
    if (question && register === 'plain' && rng.uniform() < 0.5) return subject('you', '너', 'you')
    const known = PRONOUNS.filter(
      ([, person, , polite]) => (register === 'plain' || polite) && !(question && person === 'I'),
    )
    const [en, person, plain, polite] = rng.pick(known)
    return subject(en, register === 'polite' ? polite! : plain, person)
  }
  if (roll < 0.62) {
    const name = rng.pick(NAMES)
    return subject(name.en, name.ko, 'he')
  }
  if (roll < 0.7) {
    const [first, second] = rng.shuffled(NAMES) as [Noun, Noun]
    return subject(`${first.en} and ${second.en}`, `${withParticle(first.ko, 'with')} ${second.ko}`, 'they')
  }
  if (roll < 0.8) {
    const relation = rng.pick(RELATIONS)
    return subject(`my ${relation.en}`, `${my(register)} ${relation.ko}`, 'he')
  }
  const noun = rng.pick([...OCCUPATIONS, ...PEOPLE])
  if (roll < 0.9) return subject(`the ${noun.en}`, noun.ko, 'he')
  if (roll < 0.95) return subject(indefinite(noun), noun.ko, 'he', true)
  return subject(`the ${pluralOf(noun)}`, `${noun.ko}들`, 'they')
}

/** An animal as a subject. */
export function drawAnimal({ rng }: Draw): Subject {
  const noun = rng.pick(ANIMALS)
  return rng.uniform() < 0.5 ? subject(`the ${noun.en}`, noun.ko, 'he') : subject(indefinite(noun), noun.ko, 'he', true)
}

/** A person as an object or companion, different from the subject. */
export function drawPerson({ rng, register }: Draw, subject?: Subject): Phrase {
  for (;;) {
    const roll = rng.uniform()
    const noun = rng.pick(roll < 0.55 ? NAMES : roll < 0.75 ? RELATIONS : [...OCCUPATIONS, ...PEOPLE])
    if (subject?.ko.includes(noun.ko)) continue
    if (roll < 0.55) return noun
    if (roll < 0.75) return { en: `my ${noun.en}`, ko: `${my(register)} ${noun.ko}` }
    return { en: `the ${noun.en}`, ko: noun.ko }
  }
}

/** A number of things: "three cups of coffee" 커피 세 잔, "two cats" 고양이 두 마리. */
export function counted(noun: Noun, { rng }: Draw): Phrase {
  const [en, ko] = rng.pick(NUMBERS)
  return {
    en: noun.measure ? `${en} ${noun.measure}s of ${noun.en}` : `${en} ${pluralOf(noun)}`,
    ko: `${noun.ko} ${ko} ${noun.counter}`,
  }
}

/** A noun with a determiner, a number or an adjective before it. */
export function drawThing(noun: Noun, draw: Draw): Phrase {
  const { rng, register } = draw
  if (noun.abstract) return noun
  const roll = rng.uniform()
  if (noun.mass && roll < 0.5) return { en: noun.en, ko: noun.ko }
  if (noun.counter && roll > 0.82) return counted(noun, draw)
  if (noun.mass)
    return roll < 0.7
      ? { en: `the ${noun.en}`, ko: noun.ko }
      : { en: `my ${noun.en}`, ko: `${my(register)} ${noun.ko}` }
  if (roll < 0.25) return { en: indefinite(noun), ko: noun.ko }
  if (roll < 0.42) return { en: `the ${noun.en}`, ko: noun.ko }
  if (roll < 0.5) return { en: `this ${noun.en}`, ko: `이 ${noun.ko}` }
  if (roll < 0.57) return { en: `that ${noun.en}`, ko: `그 ${noun.ko}` }
  if (roll < 0.65) return { en: `my ${noun.en}`, ko: `${my(register)} ${noun.ko}` }
  const fitting = QUALITIES.filter(([nouns]) => nouns.includes(noun)).flatMap(([, adjectives]) => adjectives)
  if (fitting.length === 0) return { en: indefinite(noun), ko: noun.ko }
  const adjective = rng.pick(fitting)
  const ko = `${koreanAttribute(adjective)} ${noun.ko}`
  return rng.uniform() < 0.6 ? { en: indefinite(noun, adjective.en), ko } : { en: `the ${adjective.en} ${noun.en}`, ko }
}

/** The object of liking or remembering: a kind ("apples", "coffee") or a known thing. */
export function drawKind(noun: Noun, draw: Draw): Phrase {
  if (noun.abstract || draw.rng.uniform() < 0.4) return { en: noun.mass ? noun.en : pluralOf(noun), ko: noun.ko }
  const { en, ko } = drawThis(noun, draw)
  return { en, ko }
}

const KNOWN = ['the', 'this', 'that', 'my'] as const

/** A known thing, with the, this, that or my. */
export function drawThis(noun: Noun, { rng, register }: Draw): Subject {
  const determiner = rng.pick(KNOWN)
  const before = { the: '', this: '이 ', that: '그 ', my: `${my(register)} ` }[determiner]
  return subject(`${determiner} ${noun.en}`, before + noun.ko, 'he')
}

/** The place of an action: "at the park" 공원에서, "in Seoul" 서울에서, "in the room" 방에서. */
export function drawPlace({ rng }: Draw): Phrase {
  const roll = rng.uniform()
  if (roll < 0.65) {
    const place = rng.pick(PLACES)
    return { en: `at the ${place.en}`, ko: `${place.ko}에서` }
  }
  const place = roll < 0.8 ? rng.pick(CITIES) : rng.pick(ROOMS)
  return { en: roll < 0.8 ? `in ${place.en}` : `in the ${place.en}`, ko: `${place.ko}에서` }
}

/** A destination, without a particle. */
export function drawDestination({ rng }: Draw): Phrase {
  if (rng.uniform() < 0.2) return rng.pick(CITIES)
  const place = rng.pick(PLACES)
  return { en: `the ${place.en}`, ko: place.ko }
}

const SPOTS = ['on 위', 'under 아래', 'next to 옆', 'behind 뒤'].map((row) => {
  const cut = row.lastIndexOf(' ')
  return { en: row.slice(0, cut), ko: row.slice(cut + 1) }
})

/** The place of a thing: "under the desk" 책상 아래에, "in the room" 방에. */
export function drawSpot({ rng }: Draw): Phrase {
  if (rng.uniform() < 0.35) {
    const room = rng.pick([...ROOMS, ...PLACES])
    return { en: ROOMS.includes(room) ? `in the ${room.en}` : `at the ${room.en}`, ko: `${room.ko}에` }
  }
  const spot = rng.pick(SPOTS)
  const thing = rng.pick(FURNITURE)
  return { en: `${spot.en} the ${thing.en}`, ko: `${thing.ko} ${spot.ko}에` }
}

const MEANS = ['bus 버스', 'train 기차', 'subway 지하철', 'bicycle 자전거', 'taxi 택시', 'car 자동차'].map((row) => {
  const [en, ko] = row.split(' ') as [string, string]
  return { en: `by ${en}`, ko: withParticle(ko, 'by') }
})
export const drawMeans = ({ rng }: Draw): Phrase => rng.pick(MEANS)

const DAYS = ['Monday 월', 'Tuesday 화', 'Wednesday 수', 'Thursday 목', 'Friday 금', 'Saturday 토', 'Sunday 일'].map(
  (row) => {
    const [en, ko] = row.split(' ') as [string, string]
    return { en: `on ${en}`, ko: `${ko}요일에` }
  },
)
const CLOCK = HOURS.map(([en, ko]) => ({ en: `at ${en} o'clock`, ko: `${ko} 시에` }))
const PARTS_OF_DAY: Phrase[] = [
  { en: 'in the morning', ko: '아침에' },
  { en: 'in the afternoon', ko: '오후에' },
  { en: 'in the evening', ko: '저녁에' },
  { en: 'at night', ko: '밤에' },
]
const ANY_TIME = [...DAYS, ...CLOCK, ...PARTS_OF_DAY]
const TIMES: Record<Tense, readonly Phrase[]> = {
  past: [
    { en: 'yesterday', ko: '어제' },
    { en: 'last week', ko: '지난주에' },
    { en: 'last year', ko: '작년에' },
  ],
  present: [
    { en: 'every day', ko: '매일' },
    { en: 'every morning', ko: '매일 아침' },
    { en: 'every week', ko: '매주' },
  ],
  progressive: [{ en: 'now', ko: '지금' }],
  future: [
    { en: 'tomorrow', ko: '내일' },
    { en: 'next week', ko: '다음 주에' },
    { en: 'next year', ko: '내년에' },
  ],
}

/** The time of an action. The present takes a time of habit, because "read" alone could be past or present. */
export function drawTime({ rng }: Draw, tense: Tense): Phrase {
  const own = tense === 'present' || tense === 'progressive' || rng.uniform() < 0.5
  return rng.pick(own ? TIMES[tense] : ANY_TIME)
}

const MANNERS = ['quickly 빨리', 'slowly 천천히', 'quietly 조용히', 'alone 혼자', 'again 다시', 'together 함께'].map(
  (row) => {
    const [en, ko] = row.split(' ') as [string, string]
    return { en, ko }
  },
)
/** An adverb of manner; "together" needs several actors. */
export const drawManner = ({ rng }: Draw, several: boolean): Phrase =>
  rng.pick(MANNERS.filter(({ en }) => (several ? en !== 'alone' : en !== 'together')))

const FREQUENCIES = ['always 항상', 'often 자주', 'sometimes 가끔', 'usually 보통'].map((row) => {
  const [en, ko] = row.split(' ') as [string, string]
  return { en, ko }
})
export const drawFrequency = ({ rng }: Draw): Phrase => rng.pick(FREQUENCIES)
