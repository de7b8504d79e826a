import { attentionPlugin } from '@heddle/attention'
import { createRegistry } from '@heddle/core'
import { layersPlugin } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { tasksPlugin } from '@heddle/tasks'
import { trainerPlugin } from '@heddle/trainer'
import { transformerPlugin } from '@heddle/transformer'
import { bertPretrainPlugin } from '../plugin.ts'

export const registry = createRegistry([
  layersPlugin,
  attentionPlugin,
  transformerPlugin,
  trainerPlugin,
  metricsPlugin,
  tasksPlugin,
  bertPretrainPlugin,
])
