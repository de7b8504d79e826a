import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'

/** A question about a passage, with its answer where the passage has one. */
export interface AnsweredQuestion {
  readonly id: string
  readonly question: string
  readonly context: string
  /** Text and range in the context, in UTF-16 units; none for a question that the context does not answer. */
  readonly answers: readonly { readonly text: string; readonly start: number; readonly end: number }[]
}

export interface AnsweredQuestionsOptions {
  /** Share of questions without an answer. Default: 0.2. */
  readonly unanswerable?: number
}

const list = (words: string) => words.split(' ')
const PEOPLE = list(
  'Anna Ben Carla David Elif Farid Greta Hiro Iris Jonas Kavya Lena Marta Nils Olga Pavel Rosa Samir Tara Viktor',
)
const JOBS = list('baker weaver sailor doctor painter teacher pilot judge farmer singer')
const TOWNS = list('Norwick Selford Dunley Marberg Oakham Torville Kelham Finstad Alton Verdale')
const THINGS = list('lamp boat clock mirror violin carpet kettle ladder camera bicycle')
const DAYS = list('Monday Tuesday Wednesday Thursday Friday Saturday Sunday')

/** A sentence about a person, and questions that it answers. `{…}` marks the parts that are asked for. */
interface Fact {
  readonly parts: Readonly<Record<string, string>>
  readonly sentence: string
  readonly questions: readonly (readonly [asked: string, question: string])[]
}

const FACTS: readonly ((person: string, rng: RandomStream) => Fact)[] = [
  (person, rng) => ({
    parts: { person, job: rng.pick(JOBS), town: rng.pick(TOWNS) },
    sentence: '{person} works as a {job} in {town}.',
    questions: [
      ['job', 'What does {person} work as?'],
      ['town', 'Where does {person} work?'],
    ],
  }),
  (person, rng) => ({
    parts: { person, year: `${1900 + rng.integer(100)}`, town: rng.pick(TOWNS) },
    sentence: 'In {year} {person} was born near {town}.',
    questions: [
      ['year', 'When was {person} born?'],
      ['town', 'Near which town was {person} born?'],
    ],
  }),
  (person, rng) => ({
    parts: { person, day: rng.pick(DAYS), thing: `an old ${rng.pick(THINGS)}`, price: `${2 + rng.integer(90)} coins` },
    sentence: 'On {day} {person} bought {thing} for {price}.',
    questions: [
      ['thing', 'What did {person} buy?'],
      ['price', 'How much did {person} pay?'],
      ['day', 'On which day did {person} buy something?'],
    ],
  }),
]

const filled = (pattern: string, parts: Fact['parts']) => pattern.replace(/\{(\w+)\}/g, (_, name) => parts[name]!)

/**
 * Questions about passages of two to four sentences about different people, in the form of SQuAD. The answer's kind follows from the
 * question; where several facts are of this kind, the person who is asked about decides. A question without an answer asks for
 * something that the passage does not tell, or about somebody else.
 *
 * @see Rajpurkar et al. 2018, "Know what you don't know: unanswerable questions for SQuAD"
 */
export function answeredQuestions(
  count: number,
  rng: RandomStream,
  { unanswerable = 0.2 }: AnsweredQuestionsOptions = {},
): AnsweredQuestion[] {
  checkInteger('answeredQuestions', 'a count', count, 0)
  const questions: AnsweredQuestion[] = []
  while (questions.length < count) {
    const people = rng.shuffled(PEOPLE)
    const kinds = rng.shuffled(FACTS).slice(0, 2 + rng.integer(2))
    if (rng.uniform() < 0.3) kinds.splice(rng.integer(kinds.length + 1), 0, rng.pick(FACTS))
    const facts = kinds.map((kind, i) => kind(people[i]!, rng))
    const sentences = facts.map(({ sentence, parts }) => filled(sentence, parts))
    const context = sentences.join(' ')
    const id = `${questions.length + 1}`
    const at = rng.integer(facts.length)
    const { parts, sentence, questions: known } = facts[at]!
    if (rng.uniform() < unanswerable) {
      const others = FACTS.filter((kind) => !kinds.includes(kind))
      questions.push({
        id,
        question: unknownQuestion(others, parts['person']!, people.at(-1)!, rng),
        context,
        answers: [],
      })
      continue
    }
    const [asked, pattern] = rng.pick(known)
    const before = sentences.slice(0, at).reduce((sum, { length }) => sum + length + 1, 0)
    const start = before + filled(sentence.slice(0, sentence.indexOf(`{${asked}}`)), parts).length
    const text = parts[asked]!
    const question = filled(pattern, parts)
    questions.push({ id, question, context, answers: [{ text, start, end: start + text.length }] })
  }
  return questions
}

/** A question that the passage does not answer: for a fact that it has of nobody, or about a person who is not there. */
function unknownQuestion(others: typeof FACTS, person: string, stranger: string, rng: RandomStream): string {
  const isOther = others.length > 0 && rng.uniform() < 0.7
  const { questions } = rng.pick(isOther ? others : FACTS)(stranger, rng)
  return filled(rng.pick(questions)[1], { person: isOther ? person : stranger })
}
