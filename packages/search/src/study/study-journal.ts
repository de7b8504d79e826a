import { HeddleError } from '@heddle/core'
import type { RunStore } from '@heddle/trainer'
import type { ParameterValues, Space } from '../space/space.ts'
import { outcomeLines, readTrials, reportLine, studyLines, trialLine } from './optuna-journal.ts'
import type { Direction, Report, Trial, TrialOutcome } from './trial.ts'

const JOURNAL = 'journal.jsonl'

export interface JournalOptions {
  /** The folder of the study. */
  readonly store: RunStore
  /** Name of the study, also for messages. */
  readonly name: string
  readonly space: Space
  readonly direction: Direction
  /** Name of the monitored metric. */
  readonly metric: string
  /** Further facts about the study, for readers of the journal. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** Folder of a trial within that of its study. */
export const trialFolder = (number: number): string => `trials/${String(number).padStart(4, '0')}`

/**
 * The trials of a study and the file `journal.jsonl` that they are kept in: lines are only ever added, so a study that is killed
 * loses at most a line that was being written. Optuna's JournalStorage opens the file as a study.
 */
export class StudyJournal {
  readonly space: Space
  readonly direction: Direction
  readonly #store: RunStore
  readonly #trials: Trial[]
  /** Writes follow each other, so that lines stay whole. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor({ store, space, direction }: JournalOptions, trials: Trial[]) {
    this.space = space
    this.direction = direction
    this.#store = store
    this.#trials = trials
  }

  /** Reads the journal in the store, or begins one. */
  static async open(options: JournalOptions): Promise<StudyJournal> {
    const { store, name, space, direction, metric, attributes = {} } = options
    const bytes = (await store.read(JOURNAL)) ?? new Uint8Array()
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1)
    if (whole.byteLength < bytes.byteLength) await store.write(JOURNAL, whole)
    const trials = readTrials(new TextDecoder().decode(whole), space, `${name}/${JOURNAL}`)
    // In place of a beginning that was cut off.
    const begun = new TextDecoder().decode(whole).includes('"study_name"')
    if (!begun) await store.write(JOURNAL, new TextEncoder().encode(studyLines(name, direction, metric, attributes)))
    return new StudyJournal(options, trials)
  }

  get trials(): readonly Trial[] {
    return this.#trials
  }

  /** Adds the next trial. */
  async begin(parameters: ParameterValues): Promise<Trial> {
    const number = this.#trials.length
    const trial: Trial = { number, parameters, state: 'running', reports: [] }
    this.#trials.push(trial)
    await this.#append(trialLine(this.space, parameters, trialFolder(number), new Date()))
    return trial
  }

  /** Adds a report; does nothing for a step that has one, as a resumed trial repeats some. */
  async report(number: number, report: Report): Promise<void> {
    const trial = this.#running(number)
    if (trial.reports.some(({ step }) => step >= report.step)) return
    this.#trials[number] = { ...trial, reports: [...trial.reports, report] }
    await this.#append(reportLine(number, report))
  }

  /** Ends a trial. */
  async end(number: number, outcome: TrialOutcome): Promise<Trial> {
    const trial = this.#running(number)
    const known = new Set(trial.reports.map(({ step }) => step))
    const missing = outcome.reports.filter(({ step }) => !known.has(step))
    const ended = { ...trial, ...outcome }
    this.#trials[number] = ended
    await this.#append(
      missing.map((report) => reportLine(number, report)).join('') + outcomeLines(number, outcome, new Date()),
    )
    return ended
  }

  #running(number: number): Trial {
    const trial = this.#trials[number]
    if (trial?.state === 'running') return trial
    throw new HeddleError(
      'usage',
      `StudyJournal: expected trial ${number} to be running, got ${trial?.state ?? 'no such trial'}.`,
    )
  }

  async #append(text: string): Promise<void> {
    const written = this.#last.then(() => this.#store.append(JOURNAL, text))
    this.#last = written.catch(() => {})
    await written
  }
}

const NEWLINE = 10
