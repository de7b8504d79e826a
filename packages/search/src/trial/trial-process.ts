import { type ChildProcess, fork } from 'node:child_process'
import { HeddleError, type HeddleErrorCode } from '@heddle/core'
import { failedOutcome, type TrialControl } from '../study/search.ts'
import type { Report, TrialOutcome } from '../study/trial.ts'
import type { FromTrial, ToTrial, TrialOrder } from './trial-messages.ts'

/** Starts of a trial whose process dies without a word, as when the system runs out of memory. */
const MOST_STARTS = 2
/** Characters of what a process wrote to stderr that are kept for a message. */
const KEPT = 2000

export interface TrialProcessOptions {
  /** Module of the process, which calls {@link serveTrial}, and its arguments. */
  readonly module: string
  readonly args: readonly string[]
}

/**
 * Runs a trial in a process of its own, so that a crash ends the trial and not the search. A process that dies is started once
 * more and goes on from the run's checkpoint; then the trial has failed.
 *
 * @throws HeddleError when the trial cannot be run here
 */
export async function runTrialProcess(
  order: TrialOrder,
  { signal, report }: TrialControl,
  options: TrialProcessOptions,
): Promise<TrialOutcome | 'aborted'> {
  const reports: Report[] = []
  const control = {
    signal,
    report: (each: Report) => {
      if ((reports.at(-1)?.step ?? 0) >= each.step) return
      reports.push(each)
      report(each)
    },
  }
  for (let start = 1; ; start++) {
    if (signal.aborted) return 'aborted'
    const ended = await runOnce(order, control, options)
    if (ended.type === 'outcome') return ended.outcome
    if (ended.type === 'aborted') return 'aborted'
    if (ended.type === 'refused') throw new HeddleError(ended.code as HeddleErrorCode, ended.message)
    if (signal.aborted) return 'aborted'
    if (start === MOST_STARTS) return failedOutcome(new HeddleError('training', ended.reason), reports)
  }
}

type Ended = Exclude<FromTrial, { type: 'report' }> | { readonly type: 'died'; readonly reason: string }

function runOnce(
  order: TrialOrder,
  { signal, report }: TrialControl,
  { module, args }: TrialProcessOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = fork(module, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let written = ''
    let last: Ended | undefined
    const abort = () => send(child, { type: 'abort' })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-KEPT)
    })
    child.on('message', (message: FromTrial) => {
      if (message.type === 'report') report(message.report)
      else last = message
    })
    child.on('error', reject)
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', abort)
      const how = killed === null ? `exit code ${code}` : killed
      const words = written.trim() === '' ? '' : `: ${written.trim().split('\n').at(-1)}`
      resolve(
        last ?? { type: 'died', reason: `expected the process of the trial to end with a result, got ${how}${words}` },
      )
    })
    signal.addEventListener('abort', abort)
    send(child, { type: 'run', order })
    if (signal.aborted) abort()
  })
}

/** A process that is gone needs no message: its end is noticed by itself. */
const send = (child: ChildProcess, message: ToTrial) => child.send(message, () => {})
