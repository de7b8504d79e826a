import { attentionPlugin } from '@heddle/attention'
import { bertPretrainPlugin } from '@heddle/bert-pretrain'
import type { Plugin } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { inspectPlugin } from '@heddle/inspect'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { recipesPlugin } from '@heddle/recipes'
import { rnnPlugin } from '@heddle/rnn'
import { searchPlugin } from '@heddle/search'
import { tasksPlugin } from '@heddle/tasks'
import { tokenizerPlugin } from '@heddle/tokenizer'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { viewsPlugin } from '@heddle/views'

/** Every first-party plugin: `createRegistry([stdPlugins, yourPlugin])`. */
export const stdPlugins: readonly Plugin[] = [
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  transformerPlugin,
  tokenizerPlugin,
  decodingPlugin,
  trainerPlugin,
  metricsPlugin,
  tasksPlugin,
  bertPretrainPlugin,
  recipesPlugin,
  searchPlugin,
  inspectPlugin,
  viewsPlugin,
]
