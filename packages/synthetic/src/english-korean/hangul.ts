const FIRST = 0xac00
const LAST = 0xd7a3
const VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'
const FINALS = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ']

/** Parts of a Hangul syllable: index of the initial, vowel, and final consonant or ''. */
export interface Syllable {
  readonly initial: number
  readonly vowel: string
  readonly final: string
}

/** Whether the word ends in a precomposed Hangul syllable. */
function endsInHangul(word: string): boolean {
  const code = word.charCodeAt(word.length - 1)
  return code >= FIRST && code <= LAST
}

/**
 * The last syllable of a word that ends in Hangul.
 *
 * @see The Unicode Standard, section 3.12, "Conjoining jamo behavior"
 */
export function lastSyllable(word: string): Syllable {
  if (!endsInHangul(word)) throw new RangeError(`lastSyllable: expected a word that ends in Hangul, got '${word}'.`)
  const index = word.charCodeAt(word.length - 1) - FIRST
  return {
    initial: Math.floor(index / (VOWELS.length * FINALS.length)),
    vowel: VOWELS[Math.floor(index / FINALS.length) % VOWELS.length]!,
    final: FINALS[index % FINALS.length]!,
  }
}

/** The precomposed syllable of these parts. */
export function compose({ initial, vowel, final }: Syllable): string {
  const code = (initial * VOWELS.length + VOWELS.indexOf(vowel)) * FINALS.length + FINALS.indexOf(final)
  return String.fromCharCode(FIRST + code)
}

/** The word with parts of its last syllable replaced: `withLast('가', { final: 'ㅆ' })` is 갔. */
export function withLast(word: string, change: Partial<Syllable>): string {
  return word.slice(0, -1) + compose({ ...lastSyllable(word), ...change })
}

/** Particles with two forms, as [after a consonant, after a vowel]. */
const PARTICLES = {
  topic: ['은', '는'],
  subject: ['이', '가'],
  object: ['을', '를'],
  with: ['과', '와'],
  by: ['으로', '로'],
} as const

export type Particle = keyof typeof PARTICLES

/** The noun with its particle: 책은, 차는, 책으로, but 연필로 (ㄹ counts as a vowel before 로). */
export function withParticle(noun: string, particle: Particle): string {
  const { final } = lastSyllable(noun)
  const [afterConsonant, afterVowel] = PARTICLES[particle]
  const vowelLike = final === '' || (particle === 'by' && final === 'ㄹ')
  return noun + (vowelLike ? afterVowel : afterConsonant)
}
