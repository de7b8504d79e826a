import type { Parameter, Space } from '../space/space.ts'
import { compareValues, type Direction, type Trial } from './trial.ts'

/** Effect of a parameter on the value of a trial. */
export interface ParameterEffect {
  readonly name: string
  readonly parameter: Parameter
  /**
   * Share of the variance of the trials' ranks that the parameter alone explains, corrected for chance: from 0 to 1. Undefined with
   * too few trials to tell.
   */
  readonly share: number | undefined
}

/** Trials below which effects are not estimated. */
const LEAST = 6

/**
 * The effect of each parameter, largest first: the trials are put into groups of like values of the parameter, and ε² says how much of
 * the variance of their ranks lies between the groups. Ranks make trials that diverged count no more than other bad ones; pruned trials
 * rank below complete ones.
 *
 * @see Kelley 1935, "An unbiased correlation ratio measure" (ε²)
 */
export function parameterEffects(trials: readonly Trial[], space: Space, direction: Direction): ParameterEffect[] {
  const ended = trials.filter(({ state, value }) => (state === 'complete' || state === 'pruned') && value !== undefined)
  const ranks = ranksOf(ended, direction)
  const effects = Object.entries(space).map(([name, parameter]) => {
    const values = ended.map(({ parameters }) => parameters[name])
    const groups =
      parameter.type === 'choice' ? values.map((value) => JSON.stringify(value)) : groupedByRank(values as number[])
    return { name, parameter, share: ended.length < LEAST ? undefined : explainedShare(ranks, groups) }
  })
  return effects.sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
}

/** Ranks from 0 for the best; equal values share the mean of theirs. */
function ranksOf(trials: readonly Trial[], direction: Direction): number[] {
  const compare = (a: Trial, b: Trial) =>
    a.state === b.state ? compareValues(a.value!, b.value!, direction) : a.state === 'complete' ? -1 : 1
  return trials.map((trial) => {
    const better = trials.filter((other) => compare(other, trial) < 0).length
    const equal = trials.filter((other) => compare(other, trial) === 0).length
    return better + (equal - 1) / 2
  })
}

/** Groups of numbers by their rank: about the square root of their number, equal numbers together. */
function groupedByRank(values: readonly number[]): string[] {
  const count = Math.max(2, Math.round(Math.sqrt(values.length)))
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return String(Math.min(count - 1, Math.floor((count * (below + (equal - 1) / 2)) / values.length)))
  })
}

/** ε²: (between - (k - 1) within / (n - k)) / total, in sums of squares; 0 where chance explains as much. */
function explainedShare(values: readonly number[], groups: readonly string[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length
  const members = new Map<string, number[]>()
  for (const [i, group] of groups.entries()) members.set(group, [...(members.get(group) ?? []), values[i]!])
  const all = mean(values)
  const squares = (of: readonly number[], around: number) => of.reduce((sum, value) => sum + (value - around) ** 2, 0)
  const total = squares(values, all)
  const within = [...members.values()].reduce((sum, each) => sum + squares(each, mean(each)), 0)
  const free = values.length - members.size
  if (total === 0 || free <= 0 || members.size < 2) return 0
  return Math.min(1, Math.max(0, (total - within - ((members.size - 1) * within) / free) / total))
}
