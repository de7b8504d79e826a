import { lastSyllable, withLast } from './hangul.ts'

/** Change of a stem before a vowel. `regular` includes changes that follow from the spelling (ㄹ and ㅡ dropping, 하다). */
export type VerbClass = 'regular' | 'ㅂ' | 'ㅂ-오' | 'ㄷ' | 'ㅅ' | '르' | 'ㅎ'

/** A Korean predicate in its dictionary form. */
export interface KoreanVerb {
  /** The dictionary form, ending in 다. */
  readonly ko: string
  /** Action verbs and descriptive verbs (adjectives) differ in the plain present and in the attributive. */
  readonly kind: 'action' | 'state'
  readonly inflection?: VerbClass
}

const stemOf = (verb: KoreanVerb) => verb.ko.slice(0, -1)
/** Predicates made with 있다 and 없다 (재미있다, 맛없다) keep the plain form but take the attributive of action verbs. */
const isExistential = (verb: KoreanVerb) => /[있없]다$/.test(verb.ko)

/** Vowel of the ending by vowel harmony: ㅏ after ㅏ, ㅗ and ㅑ, otherwise ㅓ. */
const harmony = (vowel: string) => ('ㅏㅗㅑ'.includes(vowel) ? 'ㅏ' : 'ㅓ')

/** The stem before a vowel ending, with 으 where the ending needs one after a consonant. */
function beforeVowel(verb: KoreanVerb): { stem: string; union: '' | '으' | '우' } {
  const stem = stemOf(verb)
  switch (verb.inflection) {
    case 'ㅂ':
    case 'ㅂ-오':
      return { stem: withLast(stem, { final: '' }), union: '우' }
    case 'ㄷ':
      return { stem: withLast(stem, { final: 'ㄹ' }), union: '으' }
    case 'ㅅ':
      return { stem: withLast(stem, { final: '' }), union: '으' }
    case 'ㅎ':
      return { stem: withLast(stem, { final: '' }), union: '' }
    default: {
      const { final } = lastSyllable(stem)
      if (final === 'ㄹ') return { stem: withLast(stem, { final: '' }), union: '' }
      return { stem, union: final === '' ? '' : '으' }
    }
  }
}

/** Stem and a consonant ending that joins the last syllable: -(으)ㄹ, -(으)ㄴ. */
function joined(verb: KoreanVerb, final: 'ㄹ' | 'ㄴ'): string {
  const { stem, union } = beforeVowel(verb)
  return withLast(stem + union, { final })
}

/** The 아/어 form: 가, 먹어, 와, 마셔, 써, 불러, 추워, 들어, 해. */
export function infinitive(verb: KoreanVerb): string {
  const stem = stemOf(verb)
  if (stem.endsWith('하')) return withLast(stem, { vowel: 'ㅐ' })
  const { vowel, final } = lastSyllable(stem)
  switch (verb.inflection) {
    case 'ㅂ':
      return `${withLast(stem, { final: '' })}워`
    case 'ㅂ-오':
      return `${withLast(stem, { final: '' })}와`
    case 'ㄷ':
    case 'ㅅ':
      return withLast(stem, { final: verb.inflection === 'ㄷ' ? 'ㄹ' : '' }) + (harmony(vowel) === 'ㅏ' ? '아' : '어')
    case '르': {
      const before = stem.slice(0, -1)
      return withLast(before, { final: 'ㄹ' }) + (harmony(lastSyllable(before).vowel) === 'ㅏ' ? '라' : '러')
    }
    case 'ㅎ':
      return withLast(stem, { vowel: 'ㅐ', final: '' })
  }
  if (final !== '') return stem + (harmony(vowel) === 'ㅏ' ? '아' : '어')
  switch (vowel) {
    case 'ㅗ':
      return withLast(stem, { vowel: 'ㅘ' })
    case 'ㅜ':
      return withLast(stem, { vowel: 'ㅝ' })
    case 'ㅣ':
      return withLast(stem, { vowel: 'ㅕ' })
    case 'ㅚ':
      return withLast(stem, { vowel: 'ㅙ' })
    case 'ㅡ': {
      const before = stem.slice(0, -1)
      return withLast(stem, { vowel: before === '' ? 'ㅓ' : harmony(lastSyllable(before).vowel) })
    }
    case 'ㅟ':
    case 'ㅢ':
      return `${stem}어`
    default: // ㅏ ㅓ ㅐ ㅔ ㅕ: the ending's vowel is absorbed
      return stem
  }
}

/** The past stem: 갔, 먹었, 했. Every past ending follows it unchanged. */
export const pastStem = (verb: KoreanVerb): string => withLast(infinitive(verb), { final: 'ㅆ' })

/** -(으)ㄹ, before 것이다 and 수 있다: 갈, 먹을, 만들, 들을, 추울. */
export const prospective = (verb: KoreanVerb): string => joined(verb, 'ㄹ')

/** The attributive of a descriptive verb: 예쁜, 작은, 긴, 추운, 빨간, 재미있는. */
export const attributive = (verb: KoreanVerb): string =>
  isExistential(verb) ? `${stemOf(verb)}는` : joined(verb, 'ㄴ')

/** The plain present: 간다, 먹는다, 만든다; descriptive verbs keep the dictionary form. */
export function plainPresent(verb: KoreanVerb): string {
  const stem = stemOf(verb)
  if (verb.kind === 'state' || isExistential(verb)) return verb.ko
  const { final } = lastSyllable(stem)
  return final === '' || final === 'ㄹ' ? `${withLast(stem, { final: 'ㄴ' })}다` : `${stem}는다`
}

/** The plain question: 가니, 먹니, 만드니 (ㄹ drops before ㄴ). */
export function plainQuestion(verb: KoreanVerb): string {
  const stem = stemOf(verb)
  return `${lastSyllable(stem).final === 'ㄹ' ? withLast(stem, { final: '' }) : stem}니`
}
