import type { Verdict } from './comparison.ts'

/** Result of one case on one backend. */
export type Outcome =
  | { readonly name: string; readonly status: 'no code yet' }
  | { readonly name: string; readonly status: 'passed' | 'failed'; readonly verdict: Verdict }

/** One line for a case: status, worst errors, and what failed. */
function outcomeLine(outcome: Outcome): string {
  const head = `${outcome.status.padEnd(11)}  ${outcome.name.padEnd(40)}`
  if (outcome.status === 'no code yet') return head.trimEnd()
  const { absolute, relative, failures } = outcome.verdict
  const errors = `absolute ${absolute.toExponential(1)}  relative ${relative.toExponential(1)}`
  return [`${head}  ${errors}`, ...failures.map((failure) => `             ${failure}`)].join('\n')
}

/** The table of all cases and the final count. */
export function reportText(backend: string, outcomes: readonly Outcome[]): string {
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length
  return [
    `golden cases on backend '${backend}':`,
    ...outcomes.map(outcomeLine),
    `${count('passed')} passed, ${count('failed')} failed, ${count('no code yet')} with no code yet`,
    '',
  ].join('\n')
}
