import { RandomStream } from '@heddle/core'
import { splitExamples } from '@heddle/data'
import { trainWordTokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { englishKoreanPairs } from './english-korean-pairs.ts'
import { lastSyllable } from './hangul.ts'
import * as nouns from './nouns.ts'

const pairs = englishKoreanPairs(40_000, new RandomStream(1))
const translations = new Map(pairs.map(({ source, target }) => [source, target]))
const koreanWords = new Set(pairs.flatMap(({ target }) => target.match(/[가-힣]+/g) ?? []))
const allNouns = Object.values(nouns).flatMap((value) => (Array.isArray(value) ? (value as nouns.Noun[]) : []))

describe('englishKoreanPairs', () => {
  it('gives as many distinct sentences as asked for, the same ones for the same seed', () => {
    expect(translations.size).toBe(40_000)
    const again = englishKoreanPairs(500, new RandomStream(1))
    expect(again).toEqual(pairs.slice(0, 500))
    expect(englishKoreanPairs(500, new RandomStream(2))).not.toEqual(again)
  })

  it('never translates one English sentence in two ways', () => {
    // Other seeds draw many of the same sentences again; the sentences in common must agree.
    let shared = 0
    for (const seed of [2, 3, 4]) {
      for (const { source, target } of englishKoreanPairs(30_000, new RandomStream(seed))) {
        const known = translations.get(source)
        if (known === undefined) continue
        shared++
        expect(target, source).toBe(known)
      }
    }
    expect(shared).toBeGreaterThan(5000)
  })

  it('gives every noun the particles of its last sound, and no others', () => {
    const particles = { consonant: ['은', '이', '을', '과', '으로'], vowel: ['는', '가', '를', '와'] }
    let checked = 0
    for (const { ko } of allNouns) {
      const { final } = lastSyllable(ko)
      const wrong = [...(final === '' ? particles.consonant : particles.vowel)]
      if (final === '' || final === 'ㄹ') wrong.push('으로')
      else wrong.push('로')
      for (const particle of wrong) {
        // A verb form may look like a noun with a particle (가 and 가는); those that exist as words of their own are none.
        if (allNouns.some((noun) => noun.ko === ko + particle)) continue
        expect(koreanWords.has(ko + particle), ko + particle).toBe(false)
        checked++
      }
    }
    expect(checked).toBeGreaterThan(500)
    const right = allNouns.filter(({ ko }) => ['을', '를'].some((particle) => koreanWords.has(ko + particle)))
    expect(right.length).toBeGreaterThan(80)
  })

  it('puts the verb last and keeps the kind of the sentence', () => {
    for (const { source, target } of pairs) {
      expect(target.at(-1)).toBe(source.at(-1))
      const last = target.slice(0, -1).split(' ').at(-1)!
      expect(last, target).toMatch(target.endsWith('?') ? /(니|요)$/ : /(다|요|세요)$/)
    }
  })

  it('speaks politely exactly where somebody is addressed or asked', () => {
    for (const { source, target } of pairs) {
      const addressed = /^(Mom|Dad|Grandma|Teacher), |^Please /.test(source)
      expect(/요[.?]$/.test(target), source).toBe(addressed)
      if (addressed) expect(target, source).not.toMatch(/(^|[ ,])(나는|내) /)
      else expect(target, source).not.toMatch(/(^|[ ,])(저는|제) /)
    }
  })

  it('uses a few hundred English words, each often enough to be learned', () => {
    const counts = new Map<string, number>()
    for (const { source } of pairs)
      for (const word of source.toLowerCase().match(/[a-z']+/g)!) counts.set(word, (counts.get(word) ?? 0) + 1)
    expect(counts.size).toBeGreaterThan(400)
    expect(Math.min(...counts.values())).toBeGreaterThan(5)
  })

  it.each([
    ['I watched the movie.', '나는 영화를 봤다.'],
    ['He was sick.', '그는 아팠다.'],
    ['Minsu is a doctor.', '민수는 의사다.'],
    ['They are not singers.', '그들은 가수가 아니다.'],
    ['They were writers.', '그들은 작가였다.'],
    ['Please buy rice.', '밥을 사 주세요.'],
    ['Who will swim?', '누가 수영할 거니?'],
    ['Where did you cry?', '너는 어디에서 울었니?'],
    ['What did he sell?', '그는 무엇을 팔았니?'],
    ['Hyunwoo could not work.', '현우는 일할 수 없었다.'],
    ['Mom, we are teachers.', '엄마, 우리는 교사예요.'],
    ['Teacher, I was kind.', '선생님, 저는 친절했어요.'],
    ['They always run to the market.', '그들은 항상 시장으로 뛰어간다.'],
  ])('translates %j as %j', (source, target) => {
    expect(translations.get(source)).toBe(target)
  })

  it('is split into parts that share no sentence', () => {
    const { train, validation, test } = splitExamples(pairs, { validation: 500, test: 1000, seed: 1 })
    const seen = new Set(train.map(({ source }) => source))
    for (const { source } of validation) seen.add(source)
    expect(seen.size).toBe(39_000)
    expect(test.some(({ source }) => seen.has(source))).toBe(false)
  })

  it('comes back from word tokens exactly', () => {
    const some = pairs.slice(0, 3000)
    for (const side of ['source', 'target'] as const) {
      const tokenizer = trainWordTokenizer(some.map((pair) => pair[side]))
      for (const pair of some) expect(tokenizer.decode(tokenizer.encodeIds(pair[side]))).toBe(pair[side])
    }
  })
})
