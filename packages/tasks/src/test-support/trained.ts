import type { PartSpec } from '@heddle/core'
import { MemoryStore } from '@heddle/trainer'
import { type TrainedRun, trainRun } from '../run/train-run.ts'
import { withRecipes as registry } from './recipes.ts'

export interface KeptRun {
  readonly store: MemoryStore
  readonly run: TrainedRun
}

/** Trains a recipe by name. */
export async function train(recipe: PartSpec, seed = 3): Promise<KeptRun> {
  const store = new MemoryStore()
  return { store, run: await trainRun({ registry, store, recipe, seed }) }
}

const kept = new Map<string, Promise<KeptRun>>()

/** A run with the recipe's defaults, made once for all tests that do not change it. */
export function trained(type: 'tiny-lm' | 'tiny-pairs'): Promise<KeptRun> {
  const run = kept.get(type) ?? train({ type })
  kept.set(type, run)
  return run
}

/** The files that opening a run needs, in a store of its own. */
export async function copyOf(store: MemoryStore): Promise<MemoryStore> {
  const copy = new MemoryStore()
  for (const path of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    await copy.write(path, (await store.read(path))!)
  }
  return copy
}
