import { setTimeout as wait } from 'node:timers/promises'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { failedOutcome, type TrialControl } from '../study/search.ts'
import type { Report, TrialOutcome } from '../study/trial.ts'
import type { TrialOrder } from '../trial/trial-messages.ts'
import { connect, QUEUE } from './connection.ts'

export interface TrialQueueOptions {
  /** `redis://host:port` */
  readonly address: string
  /** Identifies the study among all on the server; a search that is resumed has the same. */
  readonly study: string
  /** Milliseconds between two looks at the queue (default 300). */
  readonly pollMs?: number
}

/** Seconds for which a result is kept that nobody has fetched. */
const KEPT_SECONDS = 30 * 24 * 3600

/**
 * Hands the trials of a study to workers through BullMQ. The queue is looked at again and again instead of listening to events: a
 * trial that a restarted server has lost is added once more, and a result is taken once, by the number of its trial.
 */
export class TrialQueue {
  readonly #client: Redis
  readonly #queue: Queue<TrialOrder, TrialOutcome>
  readonly #study: string
  readonly #pollMs: number

  private constructor(client: Redis, { study, pollMs = 300 }: TrialQueueOptions) {
    this.#client = client
    this.#queue = new Queue(QUEUE, { connection: client })
    this.#study = study
    this.#pollMs = pollMs
    this.#queue.on('error', () => {})
  }

  /** @throws HeddleError `network` when the server cannot be reached */
  static async open(options: TrialQueueOptions): Promise<TrialQueue> {
    return new TrialQueue(await connect(options.address), options)
  }

  /** Number of workers that are connected now. */
  numWorkers(): Promise<number> {
    return this.#queue.getWorkersCount()
  }

  /** Waits until a worker has run the trial. When the signal aborts, the trial stays with the worker that has it. */
  async run(order: TrialOrder, { signal, report }: TrialControl): Promise<TrialOutcome | 'aborted'> {
    const id = `${this.#study}-${order.job.number}`
    let reported = 0
    while (!signal.aborted) {
      const job = await this.#queue.getJob(id)
      if (job === undefined) {
        const removeOnFail = { age: KEPT_SECONDS }
        await this.#queue.add('trial', order, { jobId: id, removeOnComplete: { age: KEPT_SECONDS }, removeOnFail })
      } else {
        const reports = (Array.isArray(job.progress) ? job.progress : []) as readonly Report[]
        for (const each of reports.slice(reported)) report(each)
        reported = Math.max(reported, reports.length)
        const state = await job.getState()
        if (state === 'completed' || state === 'failed') {
          // The job as read above may be from before its end.
          const ended = await this.#queue.getJob(id)
          if (ended === undefined) continue
          await ended.remove().catch(() => {})
          return state === 'completed' ? ended.returnvalue : failedOutcome(new Error(ended.failedReason), reports)
        }
      }
      await wait(this.#pollMs, undefined, { signal }).catch(() => {})
    }
    const job = await this.#queue.getJob(id)
    // Refused while a worker has it: then its result waits for the search to be resumed.
    await job?.remove().catch(() => {})
    return 'aborted'
  }

  async close(): Promise<void> {
    await this.#queue.close()
    this.#client.disconnect()
  }
}
