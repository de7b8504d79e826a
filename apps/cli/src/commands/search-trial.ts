import type { Registry } from '@heddle/core'
import { runTrial } from '@heddle/search'
import { serveTrial } from '@heddle/search/node'
import { FolderStore } from '@heddle/trainer/node'
import { type BackendOptions, startBackend } from '../backend.ts'
import { dataOfRun } from '../run-data.ts'
import { writeReport } from '../write-report.ts'

/** `heddle search-trial`: the process of one trial, which a search starts. */
export async function searchTrialCommand(options: BackendOptions, registry: Registry): Promise<void> {
  await serveTrial(async ({ job, folder }, control) => {
    const backend = await startBackend(options, () => {})
    const store = new FolderStore(folder)
    const given = await dataOfRun({ data: [] }, job, folder)
    return runTrial(job, {
      registry,
      store,
      name: folder,
      given,
      control,
      onTrained: (trained) => writeReport(store, trained, backend, registry),
    })
  })
}
