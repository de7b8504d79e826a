import type { KoreanVerb, VerbClass } from './conjugate.ts'
import * as lexicon from './nouns.ts'
import { among, type Noun } from './nouns.ts'

/** Complements that a verb requires. */
type Frame = 'intransitive' | 'transitive' | 'giving' | 'going' | 'heading'

export interface Verb extends KoreanVerb {
  /** Base, past and -ing form. The third person follows by rule. */
  readonly en: readonly [base: string, past: string, ing: string]
  readonly frame: Frame
  readonly objects: readonly Noun[]
  /** Whether it is a state of mind, without progressive, place and manner. */
  readonly stative?: boolean
}

type Row = readonly [ko: string, english: string, objects?: readonly Noun[], inflection?: VerbClass]

const verbs = (frame: Frame, rows: readonly Row[], extra: { stative?: boolean } = {}): Verb[] =>
  rows.map(([ko, english, objects = [], inflection = 'regular']) => {
    const [base, past, ing] = english.split(' / ') as [string, string, string]
    return { ko, kind: 'action', inflection, en: [base, past, ing], frame, objects, ...extra }
  })

const { FOODS, DRINKS, READINGS, FILMS, SONGS, SOUNDS, THINGS, CLOTHES, VEHICLES } = lexicon
const GOODS = [...THINGS, ...CLOTHES, ...VEHICLES, ...among(READINGS, 'book, novel, magazine'), ...FOODS, ...DRINKS]
const HANDY = [...THINGS, ...READINGS]
const SMALL = THINGS.filter(({ en }) => !['chair', 'computer'].includes(en))

export const INTRANSITIVES = verbs('intransitive', [
  ['자다', 'sleep / slept / sleeping'],
  ['웃다', 'laugh / laughed / laughing'],
  ['울다', 'cry / cried / crying'],
  ['쉬다', 'rest / rested / resting'],
  ['일하다', 'work / worked / working'],
  ['수영하다', 'swim / swam / swimming'],
  ['걷다', 'walk / walked / walking', [], 'ㄷ'],
  ['달리다', 'run / ran / running'],
  ['놀다', 'play / played / playing'],
  ['춤추다', 'dance / danced / dancing'],
  ['운동하다', 'exercise / exercised / exercising'],
  ['공부하다', 'study / studied / studying'],
  ['노래하다', 'sing / sang / singing'],
])

export const TRANSITIVES = verbs('transitive', [
  ['먹다', 'eat / ate / eating', FOODS],
  ['요리하다', 'cook / cooked / cooking', among(FOODS, 'rice, soup, meat, fish')],
  ['마시다', 'drink / drank / drinking', DRINKS],
  ['사다', 'buy / bought / buying', GOODS],
  ['팔다', 'sell / sold / selling', GOODS],
  ['주문하다', 'order / ordered / ordering', [...FOODS, ...DRINKS]],
  ['읽다', 'read / read / reading', READINGS],
  ['쓰다', 'write / wrote / writing', among(READINGS, 'book, novel, letter, poem')],
  ['보다', 'watch / watched / watching', among(FILMS, 'movie')],
  ['그리다', 'draw / drew / drawing', [...among(FILMS, 'picture'), ...among(THINGS, 'flower'), ...lexicon.ANIMALS]],
  ['찍다', 'take / took / taking', among(FILMS, 'photo')],
  ['듣다', 'listen to / listened to / listening to', [...SONGS, ...SOUNDS], 'ㄷ'],
  ['부르다', 'sing / sang / singing', SONGS, '르'],
  ['고르다', 'choose / chose / choosing', [...THINGS, ...CLOTHES, ...READINGS], '르'],
  ['찾다', 'find / found / finding', HANDY],
  ['잃어버리다', 'lose / lost / losing', SMALL],
  ['사용하다', 'use / used / using', among(THINGS, 'phone, camera, computer, map')],
  ['만들다', 'make / made / making', [...among(THINGS, 'toy, doll, cup'), ...among(FOODS, 'cheese, cake'), ...CLOTHES]],
  ['씻다', 'wash / washed / washing', [...among(FOODS, 'apple, pear'), ...among(THINGS, 'cup')]],
  ['청소하다', 'clean / cleaned / cleaning', lexicon.ROOMS],
  ['열다', 'open / opened / opening', [...lexicon.OPENINGS, ...among(THINGS, 'bag, box, gift')]],
  ['닫다', 'close / closed / closing', lexicon.OPENINGS],
  ['짓다', 'build / built / building', lexicon.BUILDINGS, 'ㅅ'],
  ['고치다', 'fix / fixed / fixing', [...VEHICLES, ...among(THINGS, 'clock, phone, camera, computer')]],
  ['던지다', 'throw / threw / throwing', among(THINGS, 'hat, ball')],
  [
    '줍다',
    'pick up / picked up / picking up',
    among(THINGS, 'hat, ticket, key, ball, toy, doll, cup, map, wallet'),
    'ㅂ',
  ],
  ['나르다', 'carry / carried / carrying', among(THINGS, 'bag, chair, box, gift'), '르'],
  ['숨기다', 'hide / hid / hiding', SMALL],
  ['자르다', 'cut / cut / cutting', among(FOODS, 'apple, pear, watermelon, peach, bread, cake'), '르'],
  ['입다', 'wear / wore / wearing', CLOTHES],
  ['배우다', 'learn / learned / learning', lexicon.SUBJECTS],
  ['방문하다', 'visit / visited / visiting', among(lexicon.PLACES, 'museum, zoo, farm, village')],
])

/** Verbs whose object is a person. */
export const MEETINGS = verbs('transitive', [
  ['만나다', 'meet / met / meeting'],
  ['돕다', 'help / helped / helping', [], 'ㅂ-오'],
  ['기다리다', 'wait for / waited for / waiting for'],
  ['초대하다', 'invite / invited / inviting'],
  ['찾아가다', 'visit / visited / visiting'],
])

export const STATIVES = verbs(
  'transitive',
  [
    ['좋아하다', 'like / liked / liking', [...FOODS, ...DRINKS, ...SONGS, ...FILMS, ...among(READINGS, 'book, novel')]],
    ['싫어하다', 'hate / hated / hating', [...FOODS, ...DRINKS, ...SONGS]],
    ['기억하다', 'remember / remembered / remembering', [...SONGS, ...FILMS, ...READINGS]],
    ['원하다', 'want / wanted / wanting', [...THINGS, ...CLOTHES]],
  ],
  { stative: true },
)

export const GIVINGS = verbs('giving', [
  [
    '주다',
    'give / gave / giving',
    [...SMALL, ...READINGS, ...among(FOODS, 'apple, pear, egg, potato, banana, sandwich, watermelon, peach')],
  ],
  ['보내다', 'send / sent / sending', [...READINGS, ...among(THINGS, 'gift, flower'), ...among(FILMS, 'photo')]],
  ['보여 주다', 'show / showed / showing', [...SMALL, ...FILMS]],
  [
    '빌려 주다',
    'lend / lent / lending',
    [...among(THINGS, 'bag, umbrella, pencil, phone'), ...among(READINGS, 'book, novel, magazine'), ...VEHICLES],
  ],
  ['가르치다', 'teach / taught / teaching', lexicon.SUBJECTS],
])

/** Verbs of arriving take 에. */
export const GOINGS = verbs('going', [
  ['가다', 'go to / went to / going to'],
  ['오다', 'come to / came to / coming to'],
  ['도착하다', 'arrive at / arrived at / arriving at'],
])

/** Verbs of heading somewhere take (으)로. */
export const HEADINGS = verbs('heading', [
  ['걸어가다', 'walk to / walked to / walking to'],
  ['뛰어가다', 'run to / ran to / running to'],
  ['돌아가다', 'return to / returned to / returning to'],
])

export const BECOME: Verb = {
  ko: '되다',
  kind: 'action',
  en: ['become', 'became', 'becoming'],
  frame: 'transitive',
  objects: lexicon.OCCUPATIONS,
}

export interface Adjective extends KoreanVerb {
  readonly en: string
}

const adjectives = (...rows: (readonly [en: string, ko: string, inflection?: VerbClass])[]): Adjective[] =>
  rows.map(([en, ko, inflection = 'regular']) => ({ en, ko, kind: 'state', inflection }))

const BIG = adjectives(['big', '크다'], ['small', '작다'])
const NICE = adjectives(['pretty', '예쁘다'], ['beautiful', '아름답다', 'ㅂ'], ['red', '빨갛다', 'ㅎ'])

/** Adjectives that fit each group of nouns, in predicates and attributes. */
export const QUALITIES: readonly (readonly [readonly Noun[], readonly Adjective[]])[] = [
  [
    [...THINGS, ...CLOTHES],
    [...BIG, ...NICE, ...adjectives(['expensive', '비싸다'], ['cheap', '싸다'])],
  ],
  [
    among(THINGS, 'bag, chair, box, camera, computer'),
    adjectives(['heavy', '무겁다', 'ㅂ'], ['light', '가볍다', 'ㅂ']),
  ],
  [VEHICLES, [...BIG, ...adjectives(['fast', '빠르다', '르'], ['expensive', '비싸다'])]],
  [
    among(READINGS, 'book, novel, magazine'),
    adjectives(['interesting', '재미있다'], ['difficult', '어렵다', 'ㅂ'], ['easy', '쉽다', 'ㅂ'], ['long', '길다']),
  ],
  [among(FILMS, 'movie'), adjectives(['interesting', '재미있다'], ['long', '길다'], ['sad', '슬프다'])],
  [SONGS, adjectives(['sad', '슬프다'], ['beautiful', '아름답다', 'ㅂ'], ['long', '길다'])],
  [FOODS, adjectives(['delicious', '맛있다'], ['expensive', '비싸다'], ['cheap', '싸다'])],
  [lexicon.ANIMALS, [...BIG, ...adjectives(['cute', '귀엽다', 'ㅂ'], ['fast', '빠르다', '르'])]],
  [
    [...lexicon.PLACES, ...lexicon.ROOMS],
    adjectives(['quiet', '조용하다'], ['clean', '깨끗하다'], ['big', '크다'], ['small', '작다']),
  ],
]

/** Feelings and conditions of people. */
export const STATES_OF_PEOPLE = adjectives(
  ['tired', '피곤하다'],
  ['busy', '바쁘다'],
  ['sick', '아프다'],
  ['hungry', '배고프다'],
  ['sad', '슬프다'],
  ['happy', '행복하다'],
  ['bored', '심심하다'],
)

export const TRAITS = adjectives(
  ['kind', '친절하다'],
  ['smart', '똑똑하다'],
  ['diligent', '부지런하다'],
  ['healthy', '건강하다'],
)
