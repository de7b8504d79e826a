import type { RandomStream } from '@heddle/core'
import { withParticle } from '../english-korean/hangul.ts'
import { drawDistinct } from '../shared/draw-distinct.ts'
import type { LabeledText } from '../shared/labeled-text.ts'

type Polarity = 'positive' | 'negative'

const other = (polarity: Polarity): Polarity => (polarity === 'positive' ? 'negative' : 'positive')

const ASPECTS = [
  '이야기',
  '연기',
  '음악',
  '화면',
  '결말',
  '대사',
  '연출',
  '주인공',
  '배우',
  '장면',
  '분위기',
  '각본',
  '편집',
  '영상',
]

/** Predicates as [stem, past stem]. Each ending follows one of the two. */
const PREDICATES: Readonly<Record<Polarity, readonly (readonly [string, string])[]>> = {
  positive: [
    ['좋', '좋았'],
    ['훌륭하', '훌륭했'],
    ['재미있', '재미있었'],
    ['완벽하', '완벽했'],
    ['신선하', '신선했'],
    ['뛰어나', '뛰어났'],
    ['아름답', '아름다웠'],
    ['탄탄하', '탄탄했'],
    ['감동적이', '감동적이었'],
    ['인상적이', '인상적이었'],
    ['따뜻하', '따뜻했'],
    ['즐겁', '즐거웠'],
  ],
  negative: [
    ['지루하', '지루했'],
    ['엉성하', '엉성했'],
    ['뻔하', '뻔했'],
    ['어색하', '어색했'],
    ['답답하', '답답했'],
    ['유치하', '유치했'],
    ['나쁘', '나빴'],
    ['산만하', '산만했'],
    ['허술하', '허술했'],
    ['실망스럽', '실망스러웠'],
    ['억지스럽', '억지스러웠'],
    ['형편없', '형편없었'],
  ],
}
const DEGREES = ['', '', '정말 ', '너무 ', '꽤 ', '아주 ', '솔직히 ', '생각보다 ']
const ENDINGS = ['다', '어요', '네요', '습니다', '음']
const TAILS = ['.', '.', '', '!', '!!', ' ㅎㅎ', '...', '~']
const HEARSAY = ['다들', '친구는', '평론가들은', '예고편만 보고는', '남들은']

/** A clause up to its past stem. Two in five negate a predicate of the other polarity. */
function clause(polarity: Polarity, rng: RandomStream): string {
  const subject = withParticle(rng.pick(ASPECTS), 'subject')
  if (rng.uniform() < 0.4) {
    const [stem] = rng.pick(PREDICATES[other(polarity)])
    return `${subject} ${rng.pick(DEGREES)}${stem}지 않았`
  }
  return `${subject} ${rng.pick(DEGREES)}${rng.pick(PREDICATES[polarity])[1]}`
}

const sentence = (polarity: Polarity, rng: RandomStream) =>
  `${clause(polarity, rng)}${rng.pick(ENDINGS)}${rng.pick(TAILS)}`

/** Patterns of reviews with the verdict `polarity`. Most also use words of the other polarity. */
const REVIEWS: readonly ((polarity: Polarity, rng: RandomStream) => string)[] = [
  sentence,
  // The clause after the contrast is the verdict.
  (polarity, rng) => `${clause(other(polarity), rng)}${rng.pick(['지만', '는데'])} ${sentence(polarity, rng)}`,
  (polarity, rng) => {
    const order = [`처음엔 ${clause(other(polarity), rng)}지만`, `끝으로 갈수록 ${sentence(polarity, rng)}`]
    return order.join(' ')
  },
  // The main clause comes first, the concession after it.
  (polarity, rng) => `${sentence(polarity, rng)} 비록 ${clause(other(polarity), rng)}지만${rng.pick(TAILS)}`,
  // The apparent negation is a guess that comes true.
  (polarity, rng) => {
    const [stem] = rng.pick(PREDICATES[polarity])
    return `${withParticle(rng.pick(ASPECTS), 'subject')} ${stem}지 않을까 했는데 ${rng.pick(['역시', '정말'])} 그랬${rng.pick(ENDINGS)}${rng.pick(TAILS)}`
  },
  (polarity, rng) => {
    const [, past] = rng.pick(PREDICATES[other(polarity)])
    const denial = rng.pick(['전혀 그렇지 않았', '나는 생각이 달랐', '동의할 수 없었'])
    return `${rng.pick(HEARSAY)} ${past}다고 했지만 ${denial}${rng.pick(ENDINGS)}${rng.pick(TAILS)}`
  },
  (polarity, rng) => {
    const [, past] = rng.pick(PREDICATES[polarity])
    const agreement = rng.pick(['정말 그랬', '나도 같은 생각이었', '그 말이 맞았'])
    return `${rng.pick(HEARSAY)} ${past}다고 했는데 ${agreement}${rng.pick(ENDINGS)}${rng.pick(TAILS)}`
  },
]

/**
 * Distinct short Korean film reviews, labeled `positive` and `negative` in turn. Both classes use the same words; negation,
 * contrast and hearsay decide, so that a bag of words cannot separate them.
 *
 * @throws HeddleError `config` when there are not that many distinct reviews
 */
export function koreanReviews(count: number, rng: RandomStream): LabeledText[] {
  const draw = (found: number) => {
    const label: Polarity = found % 2 === 0 ? 'positive' : 'negative'
    return { text: rng.pick(REVIEWS)(label, rng), label }
  }
  return drawDistinct('koreanReviews', count, draw, ({ text }) => text)
}
