import type { RandomStream } from '@heddle/core'
import { capitalized } from '../shared/capitalized.ts'
import { distinctPairs, type PairPattern, type TextPair } from '../shared/distinct-pairs.ts'
import {
  ASIDES,
  COLORS,
  DAYS,
  FINDS,
  FOUND_AT,
  HELPERS,
  JOBS,
  NUMBERS,
  PEOPLE,
  PRIZES,
  REASONS,
  SHOWS,
  TEAMS,
  TOWNS,
  WEATHER,
} from './news-words.ts'

interface Report {
  /** Sentences in their order. */
  readonly body: readonly string[]
  readonly summary: string
}

/** A find. The text names the finder only at the beginning, and the outcome at the end. */
function find(rng: RandomStream): Report {
  const { name, they } = rng.pick(PEOPLE)
  const thing = `a ${rng.pick(COLORS)} ${rng.pick(FINDS)}`
  const at = rng.pick(FOUND_AT)
  const their = they === 'he' ? 'his' : 'her'
  const ending = rng.pick([
    { told: `It belonged to ${rng.pick(JOBS)}, who soon got it back.`, short: 'gave it back' },
    { told: `Nobody asked for it, so ${they} may keep it.`, short: 'may keep it' },
    { told: `The police have it now.`, short: 'took it to the police' },
    { told: `Today it can be seen in the museum.`, short: 'gave it to the museum' },
  ])
  return {
    body: [
      `${name} is ${rng.pick(JOBS)}.`,
      rng.pick([
        `On ${rng.pick(DAYS)} ${they} was on ${their} way home.`,
        `Every morning ${they} takes the same way.`,
        `${capitalized(they)} likes to walk.`,
      ]),
      rng.pick([`${capitalized(at)} ${they} found ${thing}.`, `Suddenly ${they} saw ${thing} ${at}.`]),
      ending.told,
    ],
    summary: `${name} found ${thing} ${at} and ${ending.short}.`,
  }
}

/** A match. The winner follows from the final score, not from the score at half-time. */
function match(rng: RandomStream): Report {
  const [home, guests] = rng.shuffled(TEAMS) as [string, string]
  const [half, end] = [
    [rng.integer(4), rng.integer(4)],
    [rng.integer(6), rng.integer(6)],
  ] as const
  const town = rng.pick(TOWNS)
  const [first, second] = end
  const score = (goals: readonly number[]) => `${NUMBERS[goals[0]!]} to ${NUMBERS[goals[1]!]}`
  const summary =
    first > second
      ? `${home} beat ${guests} ${score(end)} in ${town}.`
      : first < second
        ? `${guests} beat ${home} ${score([second, first])} in ${town}.`
        : `${home} and ${guests} drew ${score(end)} in ${town}.`
  return {
    body: [
      `${home} played ${guests} in ${town} on ${rng.pick(DAYS)}.`,
      `At half-time it was ${score(half.map((goals, i) => Math.min(goals, end[i]!)))}.`,
      `In the end it was ${score(end)}.`,
    ],
    summary,
  }
}

/** A postponed or canceled show. Its name, the reason and the new day are in different sentences. */
function show(rng: RandomStream): Report {
  const [show, town] = [rng.pick(SHOWS), rng.pick(TOWNS)]
  const [planned, later] = rng.shuffled(DAYS) as [string, string]
  const reason = rng.pick(REASONS)
  const isPutOff = rng.uniform() < 0.6
  return {
    body: [
      `The ${show} in ${town} was planned for ${planned}.`,
      rng.pick(['All tickets were sold.', 'Many people had been waiting for it.', 'It is the tenth of its kind.']),
      capitalized(`${reason.told}.`),
      isPutOff ? `It will now be on ${later}.` : 'There will be no other day for it.',
    ],
    summary: isPutOff
      ? `The ${show} in ${town} was moved to ${later} because of ${reason.short}.`
      : `The ${show} in ${town} was cancelled because of ${reason.short}.`,
  }
}

/** A contest of two people. Only the winner belongs in the summary. */
function contest(rng: RandomStream): Report {
  const [one, other] = rng.shuffled(PEOPLE) as [(typeof PEOPLE)[number], (typeof PEOPLE)[number]]
  const [prize, town] = [rng.pick(PRIZES), rng.pick(TOWNS)]
  const won = rng.uniform() < 0.5 ? one : other
  const lost = won === one ? other : one
  return {
    body: [
      `${one.name} and ${other.name} met in ${town} for the ${prize}.`,
      `${rng.pick([one, other]).name} was ahead for a long time.`,
      rng.pick([
        `But ${won.name} was better in the end.`,
        `The jury chose ${won.name}.`,
        `${lost.name} had to give up.`,
      ]),
    ],
    summary: `${won.name} won the ${prize} in ${town}.`,
  }
}

/** An accident and a rescue. */
function rescue(rng: RandomStream): Report {
  const { name, they } = rng.pick(PEOPLE)
  const [helper, at] = [rng.pick(HELPERS), rng.pick(FOUND_AT)]
  const hours = 2 + rng.integer(7)
  const them = they === 'he' ? 'him' : 'her'
  return {
    body: [
      `${name} fell into the snow ${at}.`,
      rng.pick([`${capitalized(they)} could not get up.`, `${capitalized(they)} had no telephone.`]),
      `${capitalized(NUMBERS[hours]!)} hours later ${helper} came by and heard ${them}.`,
      `${capitalized(they)} is well again.`,
    ],
    summary: `${capitalized(helper)} saved ${name} after ${NUMBERS[hours]} hours in the snow.`,
  }
}

/** Writes a report as a document, with irrelevant sentences in between. */
function written(draw: (rng: RandomStream) => Report): PairPattern['draw'] {
  return (rng) => {
    const { body, summary } = draw(rng)
    const sentences = [...body]
    for (const aside of rng.shuffled([rng.pick(WEATHER), rng.pick(ASIDES)]).slice(0, 1 + rng.integer(2))) {
      sentences.splice(rng.integer(sentences.length + 1), 0, aside)
    }
    return { source: sentences.join(' '), target: summary }
  }
}

const PATTERNS: readonly PairPattern[] = [
  { weight: 3, draw: written(find) },
  { weight: 3, draw: written(match) },
  { weight: 2, draw: written(show) },
  { weight: 2, draw: written(contest) },
  { weight: 2, draw: written(rescue) },
]

/**
 * Short news with one-line summaries. The facts are spread over several sentences among irrelevant ones, and some must be
 * inferred, such as the winner of a match or the person behind "he".
 *
 * @throws HeddleError `config` when there are not that many distinct documents
 */
export function newsSummaries(count: number, rng: RandomStream): TextPair[] {
  return distinctPairs('newsSummaries', PATTERNS, count, rng)
}
