import { appendFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { runWorker } from '../queue/run-worker.ts'
import type { Report } from '../study/trial.ts'

// A worker whose trials take a moment: argv holds the server's address and a file that each start and end is noted in.

const [address, notes] = process.argv.slice(2)
const note = (text: string) => appendFileSync(notes!, `${process.pid} ${text}\n`)

await runWorker({
  address: address!,
  lockMs: 600,
  signal: new AbortController().signal,
  run: async ({ job }, { signal, report }) => {
    note(`start ${job.number}`)
    const reports: Report[] = []
    for (let step = 1; step <= 4; step++) {
      await wait(60)
      if (signal.aborted) return 'aborted'
      reports.push({ step, value: job.number + 1 / step })
      report(reports.at(-1)!)
    }
    note(`end ${job.number}`)
    if (job.number === 5) return { state: 'failed', error: 'the loss is not finite', reports }
    return { state: 'complete', value: reports.at(-1)!.value, reports }
  },
})
