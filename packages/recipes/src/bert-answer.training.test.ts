import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(() => useWasm({ threads: 1 }))

it('finds answers by the kind that a question asks for', async () => {
  const { task, evaluation } = await trained({
    type: 'bert-answer',
    data: { count: 2000, validation: 100, test: 200 },
    model: { encoder: { hiddenSize: 32 } },
    training: { steps: 170, batchSize: 16, learningRate: 4e-3, evaluateEvery: 170 },
  })
  expect(evaluation!.metrics['f1']).toBeGreaterThan(0.4)
  expect(evaluation!.baseline!['f1']).toBeLessThan(0.35)
  task.dispose()
})

it('reads a file of SQuAD whose texts are longer than a window', async () => {
  const context = `${'The river is long. '.repeat(20)}The mill stands in Norwick.`
  const qas = ['Where is the mill?', 'Who?'].map((question, i) => ({
    ...{ id: `${i}`, question, is_impossible: i === 1 },
    answers: i === 1 ? [] : [{ text: 'Norwick', answer_start: context.indexOf('Norwick') }],
  }))
  const paragraphs = Array.from({ length: 12 }, (_, i) => ({
    context: `${context} ${i}`,
    qas: qas.map((each) => ({ ...each, id: `${i}-${each.id}` })),
  }))
  const { task, evaluation, notes } = await trainRun({
    ...{
      registry,
      store: new MemoryStore(),
      source: memorySource('squad.json', JSON.stringify({ data: [{ paragraphs }] })),
    },
    recipe: {
      type: 'bert-answer',
      data: { validation: 2, test: 4 },
      model: { encoder: { hiddenSize: 16 } },
      maxLength: 40,
      training: { steps: 3, batchSize: 4, evaluateEvery: 3 },
    },
  })
  expect(notes).toContain('12 questions have no answer')
  expect(evaluation!.metrics['f1']).toBeGreaterThanOrEqual(0)
  const [answers] = await task.predict([{ question: 'Where is the mill?', context }])
  for (const { answer, start, end } of answers) expect(context.slice(start, end)).toBe(answer)
  task.dispose()
})
