import { useWasm } from '@heddle/kernels'
import { mergeSettings, openRun, type Settings } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

const size = { hiddenSize: 8, numHeads: 2, numLayers: 1 }
const MODELS: Record<string, string> = {
  translate: 'transformer-seq2seq',
  chatbot: 'transformer-seq2seq',
  'text-to-code': 'transformer-seq2seq',
  'spoken-digits': 'transformer-seq2seq',
  caption: 'transformer-seq2seq',
  summarize: 'transformer-seq2seq',
  'char-lm': 'transformer-lm',
  names: 'transformer-classifier',
  sentiment: 'transformer-classifier',
  rows: 'transformer-classifier',
  tagger: 'transformer-tagger',
  frames: 'transformer-tagger',
  forecast: 'transformer-forecaster',
  copy: 'transformer-seq2seq',
  addition: 'transformer-seq2seq',
  dyck: 'transformer-tagger',
  'clip-class': 'transformer-classifier',
  'clip-caption': 'transformer-seq2seq',
}

describe('recipes with a Transformer in place of their own model', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it.each(Object.entries(MODELS))(
    '%s trains, is opened with the same numbers, and leaks nothing: %s',
    async (name, type) => {
      const { model: _, ...tiny } = TINY[name] as Settings
      const before = tf.memory().numTensors
      const run = await trained({ type: name, ...mergeSettings(tiny, { model: { type, ...size } }) })
      const { metrics } = run.evaluation!
      for (const metric of run.task.pipeline.metrics) {
        expect(Number.isFinite(metrics[metric.name]), `${metric.name}: ${metrics[metric.name]}`).toBe(true)
      }
      // What suits a Transformer, unless the settings say otherwise.
      const learningRate = type === 'transformer-seq2seq' ? 4e-3 : 1e-3
      expect(run.task.config.training.learningRate).toBe(learningRate)
      expect(run.notes.join('\n')).toContain(`settings for ${type}: training.learningRate ${learningRate}`)
      const examples = run.dataset.test.length > 0 ? run.dataset.test : run.dataset.validation
      run.task.dispose()
      const { task } = await openRun({ store: run.store, registry })
      expect(await task.evaluate(examples)).toEqual(metrics)
      task.dispose()
      expect(tf.memory().numTensors).toBe(before)
    },
  )
})
