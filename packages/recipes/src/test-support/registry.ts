import { attentionPlugin } from '@heddle/attention'
import { bertPretrainPlugin } from '@heddle/bert-pretrain'
import { createRegistry, type PartSpec } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { rnnPlugin } from '@heddle/rnn'
import { type TrainedRun, tasksPlugin, trainRun } from '@heddle/tasks'
import { MemoryStore, trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { recipesPlugin } from '../plugin.ts'

export const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  transformerPlugin,
  trainerPlugin,
  decodingPlugin,
  metricsPlugin,
  tasksPlugin,
  bertPretrainPlugin,
  recipesPlugin,
])

/** Trains a recipe, to be opened again from the store. */
export async function trained(recipe: PartSpec): Promise<TrainedRun & { readonly store: MemoryStore }> {
  const store = new MemoryStore()
  return { ...(await trainRun({ registry, store, recipe })), store }
}
