import { attentionPlugin } from '@heddle/attention'
import { createRegistry } from '@heddle/core'
import { decodingPlugin } from '@heddle/decoding'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { rnnPlugin } from '@heddle/rnn'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { tasksPlugin } from '../plugin.ts'

export const plugins = [
  layersPlugin,
  attentionPlugin,
  rnnPlugin,
  transformerPlugin,
  trainerPlugin,
  decodingPlugin,
  metricsPlugin,
  tasksPlugin,
]

export const registry = createRegistry(plugins)
