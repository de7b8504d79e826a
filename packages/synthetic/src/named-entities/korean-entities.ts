import type { RandomStream } from '@heddle/core'
import { type Particle, withParticle } from '../english-korean/hangul.ts'
import type { EntityKind, Language } from './language.ts'

const FAMILY_NAMES = [...'김이박최정강조윤장임한오서신권황안송류홍']
const SYLLABLES = [...'가나다라마바사아자하민서준지현우도윤시은주예수연호진영재원동성경태선희빈율솔새별']
const list = (words: string) => words.split(' ')

/** Two syllables that may be a given name, a town or a company: 새솔. */
const stem = (rng: RandomStream) => rng.pick(SYLLABLES) + rng.pick(SYLLABLES)

const FILLERS: Readonly<Record<EntityKind, (rng: RandomStream) => string>> = {
  PER: (rng) => (rng.uniform() < 0.7 ? rng.pick(FAMILY_NAMES) + stem(rng) : stem(rng)),
  LOC: (rng) => {
    const kind = rng.uniform()
    if (kind < 0.5) return stem(rng) + rng.pick([...'시군구동도'])
    return kind < 0.6 ? rng.pick(list('서울 부산 대구 제주 강릉')) : stem(rng)
  },
  ORG: (rng) => {
    const kind = rng.uniform()
    if (kind < 0.3) return `${stem(rng)} ${rng.pick(list('전자 은행 건설 출판사'))}`
    return kind < 0.7 ? stem(rng) + rng.pick(list('대학교 병원 그룹 일보 박물관')) : stem(rng)
  },
  DATE: (rng) => {
    const kind = rng.integer(4)
    if (kind === 0) return `${1 + rng.integer(12)}월 ${1 + rng.integer(30)}일`
    if (kind === 1) return `${rng.pick(list('지난주 다음주'))} ${rng.pick([...'월화수목금토일'])}요일`
    return kind === 2 ? `${1950 + rng.integer(80)}년` : `${1950 + rng.integer(80)}년 ${1 + rng.integer(12)}월`
  },
}

/** Names are followed by particles, of which those in `PARTICLES` have two forms. */
const PATTERNS = `
PER+topic DATE+에 LOC+에서 태어났다 .
PER+topic LOC+에서 LOC+by 이사했다 .
PER+subject ORG+에 입사한 것은 DATE+이었다 .
ORG+topic DATE+에 LOC+에 지점을 연다 .
LOC 시장 PER+topic ORG 직원들을 만났다 .
PER+with PER+topic 함께 LOC+에 갔다 .
ORG+에서 일하는 PER+에게 편지를 보냈다 .
DATE+부터 LOC+에는 비가 내렸다 .
PER 교수는 ORG+에서 학생들을 가르친다 .
ORG+with ORG+subject DATE+에 계약을 맺었다 .
" LOC+을 떠나겠다 " 고 PER+subject 말했다 .
LOC+의 다리는 DATE+에 무너졌다 .
PER 씨는 ORG+object 고소했다 .
기차는 LOC+object 지나 LOC+by 향했다 .
ORG 주가가 크게 떨어졌다 .
사람들은 조용히 집으로 돌아갔다 .
올해 겨울은 길고 추웠다 .`
  .trim()
  .split('\n')
  .map((pattern) => pattern.split(' '))

const PARTICLES: ReadonlySet<string> = new Set<Particle>(['topic', 'subject', 'object', 'with', 'by'])

/** Korean: a name and its particle are one word. */
export const korean: Language = {
  patterns: PATTERNS,
  fill(kind, rng, particle) {
    const name = FILLERS[kind](rng)
    if (particle === undefined) return name.split(' ')
    return (PARTICLES.has(particle) ? withParticle(name, particle as Particle) : name + particle).split(' ')
  },
}
