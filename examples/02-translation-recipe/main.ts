/**
 * A recipe from code: train translation, keep the run in a folder, open it again and use it.
 *
 * Run it: node --conditions=source examples/02-translation-recipe/main.ts
 */
import { createRegistry } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { stdPlugins } from '@heddle/std'
import { openTask, trainRun, translating } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'

export interface RunOptions {
  readonly folder?: string
  /** Settings of the recipe; 'heddle list translate' shows them all. */
  readonly settings?: Record<string, unknown>
  readonly log?: (line: string) => void
}

/** Trains, saves, opens and translates; returns the translations. */
export async function run({
  folder = `runs/example-02-${Date.now()}`,
  settings = { data: { count: 20_000 }, training: { steps: 400 } },
  log = console.log,
}: RunOptions = {}): Promise<string[]> {
  await useWasm()
  // The parts that configs can name: all first-party ones; your own plugins go into the same list.
  const registry = createRegistry(stdPlugins)
  const store = new FolderStore(folder)

  const trained = await trainRun({
    registry,
    store,
    recipe: { type: 'translate', ...settings },
    seed: 1,
    events: {
      onPrepared: ({ task, dataset }) => log(`${dataset.train.length} pairs, ${task.numParameters} parameters`),
      onValidation: ({ step, metrics }) => log(`step ${step}: loss ${metrics['loss']!.toFixed(3)}`),
    },
  })
  log(`exact match on unseen sentences: ${(100 * trained.evaluation!.metrics['exactMatch']!).toFixed(1)} %`)
  trained.task.dispose()

  // Another program, later: everything that is needed is in the folder.
  const task = await openTask(store, registry, folder)
  const sentences = ['Minsu went to the park yesterday.', 'Mom, I want to eat an apple.']
  const translator = translating.find(task.pipeline.abilities)!
  const translations = await translator.translate(sentences, { beamWidth: 4, maxLength: 20 })
  for (const [i, { text }] of translations.entries()) log(`${sentences[i]} -> ${text}`)
  task.dispose()
  return translations.map(({ text }) => text)
}

if (import.meta.main) await run()
