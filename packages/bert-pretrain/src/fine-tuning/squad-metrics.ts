/** Scores of answers: shares of the questions. */
export interface AnswerScores {
  /** Answers that equal one of the right ones, apart from case, punctuation and articles. */
  readonly exactMatch: number
  /** Mean harmonic mean of precision and recall of an answer's words. */
  readonly f1: number
}

/**
 * Scores predicted answers as the official script of SQuAD does. An empty list of right answers stands for a question without one.
 *
 * @see Rajpurkar et al. 2016, "SQuAD: 100,000+ questions for machine comprehension of text"; 2018 for questions without an answer
 */
export function scoreAnswers(predicted: readonly string[], right: readonly (readonly string[])[]): AnswerScores {
  const rows = predicted.map((answer, i) => {
    // Answers of punctuation or articles alone do not count, where there are others.
    const meaningful = right[i]!.filter((text) => normalized(text) !== '')
    const answers = meaningful.length > 0 ? meaningful : ['']
    return {
      exact: Math.max(...answers.map((text) => Number(normalized(answer) === normalized(text)))),
      f1: Math.max(...answers.map((text) => wordF1(answer, text))),
    }
  })
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return { exactMatch: mean(rows.map(({ exact }) => exact)), f1: mean(rows.map(({ f1 }) => f1)) }
}

function wordF1(predicted: string, right: string): number {
  const [given, wanted] = [wordsOf(predicted), wordsOf(right)]
  if (given.length === 0 || wanted.length === 0) return Number(given.length === wanted.length)
  const rest = new Map<string, number>()
  for (const word of wanted) rest.set(word, (rest.get(word) ?? 0) + 1)
  let common = 0
  for (const word of given) {
    const left = rest.get(word) ?? 0
    if (left === 0) continue
    rest.set(word, left - 1)
    common++
  }
  if (common === 0) return 0
  const [precision, recall] = [common / given.length, common / wanted.length]
  return (2 * precision * recall) / (precision + recall)
}

const wordsOf = (text: string) => normalized(text).split(' ').filter(Boolean)

/** Small letters without ASCII punctuation, English articles and extra spaces. */
function normalized(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/g, '')
    .replaceAll(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
    .split(/\s+/u)
    .filter(Boolean)
    .join(' ')
}
