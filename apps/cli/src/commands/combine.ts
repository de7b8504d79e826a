import type { Registry } from '@heddle/core'
import { type MemberRun, writeAverage, writeEnsemble } from '@heddle/tasks'
import { MemoryStore, type RunStore } from '@heddle/trainer'
import { FolderStore } from '@heddle/trainer/node'
import type { Output } from '../output.ts'
import { existingRun, requireFreeFolder } from '../run-folder.ts'
import { writeFolder } from '../write-folder.ts'

const ways = { average: writeAverage, ensemble: writeEnsemble }

/** `heddle average` and `heddle ensemble`: one run of several. */
export async function combineCommand(
  way: keyof typeof ways,
  directories: readonly string[],
  { out }: { readonly out: string },
  registry: Registry,
  output: Output,
): Promise<void> {
  await requireFreeFolder(out)
  const store = new MemoryStore()
  const warnings = await combineRuns(way, directories, store, registry)
  await writeFolder(out, await filesOf(store))
  output.line(`${out}: the ${way} of ${directories.join(', ')}`)
  for (const warning of warnings) output.line(`! ${warning}`)
  output.result({ command: way, run: out, of: directories, ...(warnings.length > 0 && { warnings }) })
}

async function filesOf(store: RunStore): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (const path of await store.list('')) files.set(path, (await store.read(path))!)
  return files
}

/**
 * Writes the run that several others are together.
 *
 * @returns warnings
 */
export async function combineRuns(
  way: keyof typeof ways,
  directories: readonly string[],
  store: RunStore,
  registry: Registry,
): Promise<readonly string[]> {
  const runs: MemberRun[] = []
  for (const directory of directories) {
    const name = await existingRun(directory)
    runs.push({ name, store: new FolderStore(name) })
  }
  return (await ways[way](runs, store, registry)) ?? []
}
