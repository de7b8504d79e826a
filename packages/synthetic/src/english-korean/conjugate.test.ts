import { describe, expect, it } from 'vitest'
import {
  attributive,
  infinitive,
  type KoreanVerb,
  pastStem,
  plainPresent,
  plainQuestion,
  prospective,
  type VerbClass,
} from './conjugate.ts'

const action = (ko: string, inflection: VerbClass = 'regular'): KoreanVerb => ({ ko, kind: 'action', inflection })
const state = (ko: string, inflection: VerbClass = 'regular'): KoreanVerb => ({ ko, kind: 'state', inflection })

// verb, 아/어 form, past stem, -(으)ㄹ, plain present, plain question: as in any table of Korean conjugation
const ACTIONS: [KoreanVerb, string, string, string, string, string][] = [
  [action('가다'), '가', '갔', '갈', '간다', '가니'],
  [action('오다'), '와', '왔', '올', '온다', '오니'],
  [action('먹다'), '먹어', '먹었', '먹을', '먹는다', '먹니'],
  [action('찾다'), '찾아', '찾았', '찾을', '찾는다', '찾니'],
  [action('마시다'), '마셔', '마셨', '마실', '마신다', '마시니'],
  [action('배우다'), '배워', '배웠', '배울', '배운다', '배우니'],
  [action('주다'), '줘', '줬', '줄', '준다', '주니'],
  [action('보다'), '봐', '봤', '볼', '본다', '보니'],
  [action('보내다'), '보내', '보냈', '보낼', '보낸다', '보내니'],
  [action('서다'), '서', '섰', '설', '선다', '서니'],
  [action('쓰다'), '써', '썼', '쓸', '쓴다', '쓰니'],
  [action('쉬다'), '쉬어', '쉬었', '쉴', '쉰다', '쉬니'],
  [action('되다'), '돼', '됐', '될', '된다', '되니'],
  [action('공부하다'), '공부해', '공부했', '공부할', '공부한다', '공부하니'],
  [action('만들다'), '만들어', '만들었', '만들', '만든다', '만드니'],
  [action('팔다'), '팔아', '팔았', '팔', '판다', '파니'],
  [action('닫다'), '닫아', '닫았', '닫을', '닫는다', '닫니'],
  [action('듣다', 'ㄷ'), '들어', '들었', '들을', '듣는다', '듣니'],
  [action('걷다', 'ㄷ'), '걸어', '걸었', '걸을', '걷는다', '걷니'],
  [action('부르다', '르'), '불러', '불렀', '부를', '부른다', '부르니'],
  [action('고르다', '르'), '골라', '골랐', '고를', '고른다', '고르니'],
  [action('돕다', 'ㅂ-오'), '도와', '도왔', '도울', '돕는다', '돕니'],
  [action('줍다', 'ㅂ'), '주워', '주웠', '주울', '줍는다', '줍니'],
  [action('짓다', 'ㅅ'), '지어', '지었', '지을', '짓는다', '짓니'],
  [action('씻다'), '씻어', '씻었', '씻을', '씻는다', '씻니'],
  [action('입다'), '입어', '입었', '입을', '입는다', '입니'],
]

// verb, 아/어 form, past stem, attributive, plain question
const STATES: [KoreanVerb, string, string, string, string][] = [
  [state('예쁘다'), '예뻐', '예뻤', '예쁜', '예쁘니'],
  [state('바쁘다'), '바빠', '바빴', '바쁜', '바쁘니'],
  [state('크다'), '커', '컸', '큰', '크니'],
  [state('작다'), '작아', '작았', '작은', '작니'],
  [state('길다'), '길어', '길었', '긴', '기니'],
  [state('달다'), '달아', '달았', '단', '다니'],
  [state('춥다', 'ㅂ'), '추워', '추웠', '추운', '춥니'],
  [state('무겁다', 'ㅂ'), '무거워', '무거웠', '무거운', '무겁니'],
  [state('빠르다', '르'), '빨라', '빨랐', '빠른', '빠르니'],
  [state('빨갛다', 'ㅎ'), '빨개', '빨갰', '빨간', '빨갛니'],
  [state('재미있다'), '재미있어', '재미있었', '재미있는', '재미있니'],
  [state('조용하다'), '조용해', '조용했', '조용한', '조용하니'],
]

describe('conjugate', () => {
  it.each(ACTIONS)('conjugates the action verb $0.ko', (verb, ...forms) => {
    expect([infinitive(verb), pastStem(verb), prospective(verb), plainPresent(verb), plainQuestion(verb)]).toEqual(
      forms,
    )
  })

  it.each(STATES)('conjugates the descriptive verb $0.ko', (verb, ...forms) => {
    expect([infinitive(verb), pastStem(verb), attributive(verb), plainQuestion(verb)]).toEqual(forms)
    expect(plainPresent(verb)).toBe(verb.ko)
  })
})
