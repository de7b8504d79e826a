import { arch, availableParallelism, cpus, platform, release } from 'node:os'
import type { TrainedRun } from '@heddle/recipes'
import { type RunStore, readRunLog } from '@heddle/trainer'
import { reportHtml } from './report-html.ts'

/** Writes `report.html` into a run's folder. */
export async function writeReport(store: RunStore, trained: TrainedRun, backend: string): Promise<void> {
  const environment = {
    backend,
    node: process.version,
    system: `${platform()} ${release()} (${arch()})`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
    written: new Date().toISOString().slice(0, 16).replace('T', ' '),
  }
  const html = reportHtml({ trained, log: await readRunLog(store), environment })
  await store.write('report.html', new TextEncoder().encode(html))
}
