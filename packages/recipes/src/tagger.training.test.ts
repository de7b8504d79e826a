import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { evaluationExamples, openRun } from '@heddle/tasks'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

const recipe = {
  type: 'tagger',
  data: { count: 1200 },
  model: { wordSize: 32, letterSize: 16, spellingSize: 24, hiddenSize: 40, dropout: 0.1 },
  training: { steps: 170, batchSize: 32, warmupSteps: 20, evaluateEvery: 170, learningRate: 1e-2 },
}

it('learns what neither a word nor a list of words tells, and tags new text and other files', async () => {
  const { store, task, evaluation, exhibits } = await trained(recipe)
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.96)
  expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.9)
  expect(exhibits[0]).toMatchObject({ kind: 'labeled-text' })
  task.dispose()

  const run = await openRun({ store, registry })
  const { input, format } = run.task.pipeline
  if (input.kind !== 'text') return expect.unreachable()
  const [prediction] = await run.task.predict([input.read('the cook will watch the watch near a kretamness.')])
  expect(format(prediction)).toBe(
    'the/DET cook/NOUN will/AUX watch/VERB the/DET watch/NOUN near/ADP a/DET kretamness/NOUN ./PUNCT',
  )
  const other = memorySource('dev.conllu', '1\tthe\t_\tDET\t_\t_\t_\t_\t_\t_\n2\twatch\t_\tNEW\t_\t_\t_\t_\t_\t_\n\n')
  const { part, examples } = await evaluationExamples(run, registry, other)
  expect(part).toBe('all')
  // A tag that training never saw counts as an error.
  expect(await run.task.evaluate(examples)).toMatchObject({ accuracy: 0.5, unknownLabels: 1 })
  run.task.dispose()
})

it('takes a tagger that does not read spelling', async () => {
  const model = { type: 'recurrent-tagger', hiddenSize: 40, embeddingSize: 32 }
  const { task, evaluation } = await trained({ ...recipe, model })
  expect(task.modelSpec).toMatchObject({ type: 'recurrent-tagger', hiddenSize: 40 })
  expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.9)
  task.dispose()
})
