import { HeddleError, writeSafetensors } from '@heddle/core'
import { stateDict } from '@heddle/layers'
import type { RunStore } from '@heddle/trainer'
import type { Task } from '../task/task.ts'
import { taskPoint } from '../task/task-point.ts'
import { writeJson } from './json-file.ts'
import { type Provenance, writeRunConfig } from './run-config.ts'
import { pluginsOf } from './used-parts.ts'

/**
 * Writes a task's assets, and its settings last: a folder with a config.json is complete but for the weights.
 *
 * @throws HeddleError `file` when the store holds a run, `unknown-name` when the registry lacks the task, so that nothing could open it
 */
export async function writeTask(
  store: RunStore,
  task: Task,
  provenance: Provenance = { recipe: null, seed: null, data: null },
): Promise<void> {
  const { name: plugin } = task.registry.providerOf(taskPoint, task.type)
  if ((await store.read('config.json')) !== undefined) {
    throw new HeddleError(
      'file',
      `${task.where}: expected an empty store, got a run. Resume it, or use another folder.`,
    )
  }
  for (const [file, content] of task.files) await writeJson(store, file, content)
  const parts = [{ kind: taskPoint.kind, name: task.type, plugin }, ...task.usedParts]
  await writeRunConfig(store, {
    ...provenance,
    task: { type: task.type, ...task.config },
    model: task.modelSpec,
    parts,
    plugins: pluginsOf(parts, task.registry),
  })
}

export async function writeWeights(store: RunStore, task: Task): Promise<void> {
  const { learning } = task.pipeline
  // transformers refuses a file whose metadata do not name a framework.
  const bytes = 'fit' in learning ? learning.save() : writeSafetensors(await stateDict(task.model), { format: 'pt' })
  await store.write('model.safetensors', bytes)
}
