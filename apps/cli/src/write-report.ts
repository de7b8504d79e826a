import { arch, availableParallelism, cpus, platform, release } from 'node:os'
import type { Registry } from '@heddle/core'
import type { TrainedRun } from '@heddle/tasks'
import { type RunStore, readRunLog } from '@heddle/trainer'
import { reportContent, reportHtml } from '@heddle/views'

/** Writes `report.html` into the folder of a run. */
export async function writeReport(
  store: RunStore,
  trained: TrainedRun,
  backend: string,
  registry: Registry,
): Promise<void> {
  const environment = {
    backend,
    node: process.version,
    system: `${platform()} ${release()} (${arch()})`,
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
    written: new Date().toISOString().slice(0, 16).replace('T', ' '),
  }
  const html = reportHtml(reportContent(trained, await readRunLog(store), environment), registry)
  await store.write('report.html', new TextEncoder().encode(html))
}
