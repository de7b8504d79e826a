import { WaitingError, Worker } from 'bullmq'
import type { TrialControl } from '../study/search.ts'
import type { Report, TrialOutcome } from '../study/trial.ts'
import type { TrialOrder } from '../trial/trial-messages.ts'
import { connect, QUEUE } from './connection.ts'

export interface WorkerOptions {
  /** `redis://host:port` */
  readonly address: string
  /** Trials that run at once (default 1). */
  readonly jobs?: number
  /** Stops the worker; its trials go back to the queue. */
  readonly signal: AbortSignal
  /** Milliseconds after which the trial of a worker that died goes to another one (default 30 s). */
  readonly lockMs?: number
  /** Runs a trial in another process, so that this one can renew its claim. */
  run(order: TrialOrder, control: TrialControl): Promise<TrialOutcome | 'aborted'>
  onStart?(order: TrialOrder): void
  onEnd?(order: TrialOrder, outcome: TrialOutcome | 'aborted'): void
}

/** Workers that may lose one trial before it counts as failed. */
const MOST_LOSSES = 20

/**
 * Runs trials of the queue until the signal aborts, or a trial cannot be run here: then it goes back to the queue for another worker.
 *
 * @throws HeddleError for what hinders trials here, such as data that are missing or other ones
 */
export async function runWorker({
  address,
  jobs = 1,
  signal,
  lockMs = 30_000,
  run,
  onStart,
  onEnd,
}: WorkerOptions): Promise<void> {
  const client = await connect(address)
  const stop = new AbortController()
  const stopping = AbortSignal.any([signal, stop.signal])
  let failure: { readonly error: unknown } | undefined

  const worker = new Worker<TrialOrder, TrialOutcome>(
    QUEUE,
    async (job, token, lost) => {
      const order = job.data
      const reports: Report[] = []
      const report = (each: Report) => {
        reports.push(each)
        // A report that does not arrive is in the outcome, too.
        void job.updateProgress([...reports]).catch(() => {})
      }
      onStart?.(order)
      let outcome: TrialOutcome | 'aborted'
      let refusal: { readonly error: unknown } | undefined
      try {
        outcome = await run(order, { signal: AbortSignal.any([stopping, ...(lost ? [lost] : [])]), report })
      } catch (error) {
        refusal = { error }
        outcome = 'aborted'
      }
      onEnd?.(order, outcome)
      if (outcome !== 'aborted') return outcome
      // Fails where the trial belongs to another worker by now, which is no reason to stop.
      await job.moveToWait(token)
      if (refusal !== undefined) {
        failure ??= refusal
        stop.abort()
      }
      throw new WaitingError()
    },
    {
      connection: client,
      concurrency: jobs,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: MOST_LOSSES,
    },
  )
  // Errors of the connection; the worker tries again by itself.
  worker.on('error', () => {})
  worker.on('lockRenewalFailed', (ids: string[]) => {
    for (const id of ids) worker.cancelJob(id)
  })
  await new Promise<void>((resolve) => {
    if (stopping.aborted) resolve()
    stopping.addEventListener('abort', () => resolve())
  })
  await worker.close()
  client.disconnect()
  if (failure !== undefined) throw failure.error
}
