import { isHeddleError } from '@heddle/core'
import type { TrialControl } from '../study/search.ts'
import type { TrialOutcome } from '../study/trial.ts'
import type { FromTrial, ToTrial, TrialOrder } from './trial-messages.ts'

/**
 * The other side of {@link runTrialProcess}: runs the trial that the parent process sends, reports to it, and ends with it. The
 * process exits at once when its parent is gone, so that no two processes ever write to one run.
 */
export async function serveTrial(
  run: (order: TrialOrder, control: TrialControl) => Promise<TrialOutcome | 'aborted'>,
): Promise<void> {
  const stop = new AbortController()
  // Ctrl-C reaches all processes of a terminal; the parent decides.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit(1))
  const order = await new Promise<TrialOrder>((resolve) => {
    process.on('message', (message: ToTrial) => {
      if (message.type === 'abort') stop.abort()
      else resolve(message.order)
    })
  })
  const control: TrialControl = { signal: stop.signal, report: (report) => send({ type: 'report', report }) }
  try {
    const outcome = await run(order, control)
    await send(outcome === 'aborted' ? { type: 'aborted' } : { type: 'outcome', outcome })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    await send({ type: 'refused', code: isHeddleError(error) ? error.code : 'usage', message })
  }
  process.exit(0)
}

const send = (message: FromTrial): Promise<void> =>
  new Promise((resolve) => {
    process.send!(message, () => resolve())
  })
