import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { runTrialProcess } from '@heddle/search/node'
import type { BackendOptions } from '../backend.ts'
import type { Interruption } from '../interruptible.ts'
import { MAIN_MODULE } from '../main-module.ts'
import type { Output } from '../output.ts'
import { trialArguments } from './search.ts'

export interface SearchWorkerOptions extends BackendOptions {
  readonly queue: string
  readonly out?: string
  readonly jobs?: number
  /** Seconds. */
  readonly lock?: number
  readonly plugin: readonly string[]
  readonly interruption: Interruption
}

/** `heddle search-worker`: runs trials until it is stopped; returns the exit code. */
export async function searchWorkerCommand(options: SearchWorkerOptions, output: Output): Promise<number> {
  const { queue, out, jobs = 1, interruption } = options
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs))
  const child = { module: MAIN_MODULE, args: trialArguments({ ...options, threads }) }
  const { runWorker } = await import('@heddle/search/queue')
  interruption.hold()
  output.line(`Waiting for trials of ${queue}. Ctrl-C stops after saving.`)
  await runWorker({
    address: queue,
    jobs,
    signal: interruption.signal,
    ...(options.lock !== undefined && { lockMs: 1000 * options.lock }),
    run: (order, control) => {
      const folder = out === undefined ? order.folder : join(resolve(out), `${order.job.number}`)
      return runTrialProcess({ ...order, folder }, control, child)
    },
    onStart: (order) => output.line(`trial ${order.job.number} of ${order.folder}`),
    onEnd: (order, outcome) =>
      output.line(`trial ${order.job.number} ${outcome === 'aborted' ? 'given back' : outcome.state}`),
  })
  return 0
}
