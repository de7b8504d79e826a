import { HeddleError, show } from '@heddle/core'
import type { Parameter, ParameterValues, Space } from '../space/space.ts'
import { isLog } from '../space/space.ts'
import type { Direction, Report, Trial, TrialOutcome, TrialState } from './trial.ts'

// The format of Optuna's JournalStorage on a JournalFileBackend: one operation a line. Numbers of operations, states and directions are
// those of optuna.storages.journal and optuna.trial.

const Operation = {
  createStudy: 0,
  setStudyUserAttribute: 2,
  setStudySystemAttribute: 3,
  createTrial: 4,
  setTrialState: 6,
  setIntermediateValue: 7,
  setTrialUserAttribute: 8,
} as const
const DIRECTIONS: Readonly<Record<Direction, number>> = { minimize: 1, maximize: 2 }
const STATES: Readonly<Record<TrialState, number>> = { running: 0, complete: 1, pruned: 2, failed: 3 }
/** Name of whoever writes a line; Optuna's own are random. */
const WORKER = 'heddle'

/** The lines that begin a study's journal. */
export function studyLines(
  name: string,
  direction: Direction,
  metric: string,
  attributes: Readonly<Record<string, unknown>>,
): string {
  return [
    line(Operation.createStudy, { study_name: name, directions: [DIRECTIONS[direction]] }),
    line(Operation.setStudySystemAttribute, { study_id: 0, system_attr: { 'study:metric_names': [metric] } }),
    ...Object.entries(attributes).map(([key, value]) =>
      line(Operation.setStudyUserAttribute, { study_id: 0, user_attr: { [key]: value } }),
    ),
  ].join('')
}

/** The line that begins a trial. */
export function trialLine(space: Space, parameters: ParameterValues, run: string, started: Date): string {
  const names = Object.keys(space)
  return line(Operation.createTrial, {
    study_id: 0,
    datetime_start: started.toISOString(),
    state: STATES.running,
    value: null,
    values: null,
    distributions: Object.fromEntries(names.map((name) => [name, JSON.stringify(distributionOf(space[name]!))])),
    params: Object.fromEntries(names.map((name) => [name, internalValue(space[name]!, parameters[name])])),
    user_attrs: { run },
    system_attrs: {},
    intermediate_values: {},
  })
}

export const reportLine = (trial: number, { step, value }: Report): string =>
  line(Operation.setIntermediateValue, { trial_id: trial, step, intermediate_value: value })

/** The lines that end a trial. Optuna takes no attributes for a trial that has ended, so the state is the last one. */
export function outcomeLines(trial: number, outcome: TrialOutcome, ended: Date): string {
  const { state, value, error, metrics, seconds } = outcome
  const attributes = Object.entries({ error, metrics, seconds }).filter(([, given]) => given !== undefined)
  return [
    ...attributes.map(([key, given]) =>
      line(Operation.setTrialUserAttribute, { trial_id: trial, user_attr: { [key]: given } }),
    ),
    line(Operation.setTrialState, {
      trial_id: trial,
      state: STATES[state],
      values: value === undefined || Number.isNaN(value) ? null : [value],
      datetime_complete: ended.toISOString(),
    }),
  ].join('')
}

/**
 * Reads the trials of a journal.
 *
 * @param where the file, for messages
 * @throws HeddleError `format` for lines that are damaged, or trials that another program has added
 */
export function readTrials(text: string, space: Space, where: string): Trial[] {
  const trials: Trial[] = []
  for (const [i, written] of text.split('\n').entries()) {
    if (written === '') continue
    const entry = parsed(written)
    if (entry === undefined) {
      throw new HeddleError(
        'format',
        `${where}: expected JSON in line ${i + 1}, got ${show(written)}. Restore the file, or start a new search.`,
      )
    }
    if (entry['worker_id'] !== WORKER) {
      if (entry['op_code'] !== Operation.createTrial) continue
      throw new HeddleError(
        'format',
        `${where}: expected the trials of this search, got one that another program has added in line ${i + 1}. Let the other program write to a copy.`,
      )
    }
    apply(entry, trials, space)
  }
  return trials
}

function apply(entry: Readonly<Record<string, unknown>>, trials: Trial[], space: Space): void {
  const operation = entry['op_code']
  if (operation === Operation.createTrial) {
    const given = entry['params'] as Record<string, number>
    const parameters = Object.fromEntries(
      Object.entries(space).map(([name, parameter]) => [name, externalValue(parameter, given[name]!)]),
    )
    trials.push({ number: trials.length, parameters, state: 'running', reports: [] })
    return
  }
  const number = entry['trial_id'] as number
  const trial = trials[number]
  if (trial === undefined) return
  if (operation === Operation.setIntermediateValue) {
    const report = { step: entry['step'] as number, value: Number(entry['intermediate_value']) }
    trials[number] = { ...trial, reports: [...trial.reports, report] }
  } else if (operation === Operation.setTrialUserAttribute) {
    trials[number] = { ...trial, ...(entry['user_attr'] as object) }
  } else if (operation === Operation.setTrialState) {
    const state = (Object.keys(STATES) as TrialState[]).find((name) => STATES[name] === entry['state'])!
    const [value] = (entry['values'] as unknown[] | null) ?? []
    trials[number] = { ...trial, state, ...(value !== undefined && { value: Number(value) }) }
  }
}

/** The class of Optuna for a parameter, with its fields. */
function distributionOf(parameter: Parameter): { readonly name: string; readonly attributes: object } {
  if (parameter.type === 'choice') {
    return { name: 'CategoricalDistribution', attributes: { choices: parameter.values.map(simple) } }
  }
  const { low, high } = parameter
  const isInteger = parameter.type === 'integer'
  const step = isInteger ? parameter.step : null
  return {
    name: isInteger ? 'IntDistribution' : 'FloatDistribution',
    attributes: { low, high, log: isLog(parameter), step },
  }
}

/** Optuna's choices are numbers, texts, booleans and null; others become JSON. */
const simple = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

/** Optuna writes a choice as its index. */
function internalValue(parameter: Parameter, value: unknown): number {
  if (parameter.type !== 'choice') return value as number
  const texts = parameter.values.map((each) => JSON.stringify(each))
  return texts.indexOf(JSON.stringify(value))
}

const externalValue = (parameter: Parameter, value: number): unknown =>
  parameter.type === 'choice' ? parameter.values[value] : value

// Python writes and reads NaN, Infinity and -Infinity, which JSON does not have.
const MARK = '\u0000'

function line(operation: number, fields: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ op_code: operation, worker_id: WORKER, ...fields }, (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? `${MARK}${value}` : value,
  )
  return `${text.replaceAll(/"\\u0000(NaN|-?Infinity)"/g, '$1')}\n`
}

function parsed(text: string): Record<string, unknown> | undefined {
  const json = text.replaceAll(/(?<!\\)(":\s*\[?)(NaN|-?Infinity)(?=[,\]}])/g, '$1"$2"')
  try {
    const value = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
