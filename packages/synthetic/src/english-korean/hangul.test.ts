import { describe, expect, it } from 'vitest'
import { compose, lastSyllable, withLast, withParticle } from './hangul.ts'

describe('hangul', () => {
  it('takes every precomposed syllable apart and puts it together again', () => {
    for (let code = 0xac00; code <= 0xd7a3; code++) {
      const syllable = String.fromCharCode(code)
      expect(compose(lastSyllable(syllable))).toBe(syllable)
      expect(compose(lastSyllable(syllable)).normalize('NFD')).toBe(syllable.normalize('NFD'))
    }
  })

  it('reads the parts of a syllable', () => {
    expect(lastSyllable('책')).toMatchObject({ vowel: 'ㅐ', final: 'ㄱ' })
    expect(lastSyllable('버스')).toMatchObject({ vowel: 'ㅡ', final: '' })
    expect(withLast('가', { final: 'ㅆ' })).toBe('갔')
  })

  it('chooses particles by the last sound', () => {
    expect(withParticle('책', 'topic')).toBe('책은')
    expect(withParticle('의자', 'topic')).toBe('의자는')
    expect(withParticle('선물', 'object')).toBe('선물을')
    expect(withParticle('우유', 'object')).toBe('우유를')
    expect(withParticle('학생', 'subject')).toBe('학생이')
    expect(withParticle('아이', 'subject')).toBe('아이가')
    expect(withParticle('지영', 'with')).toBe('지영과')
    expect(withParticle('민수', 'with')).toBe('민수와')
  })

  it('treats a final ㄹ like a vowel before 로 only', () => {
    expect(withParticle('연필', 'by')).toBe('연필로')
    expect(withParticle('지하철', 'by')).toBe('지하철로')
    expect(withParticle('버스', 'by')).toBe('버스로')
    expect(withParticle('공원', 'by')).toBe('공원으로')
    expect(withParticle('연필', 'with')).toBe('연필과')
  })

  it('refuses a word that does not end in Hangul', () => {
    expect(() => withParticle('TV', 'topic')).toThrow("ends in Hangul, got 'TV'")
  })
})
