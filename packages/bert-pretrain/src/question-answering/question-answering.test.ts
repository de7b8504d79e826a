import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { learnWordPieces, usePoint } from '@heddle/tasks'
import { taskContract } from '@heddle/testing/task'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { questionAnswering } from './question-answering.ts'
import { questionWindows } from './question-windows.ts'
import { readQuestions } from './read-questions.ts'

const COLORS = ['red', 'blue', 'green', 'black']
const questions = (count: number, unanswered = false) =>
  Array.from({ length: count }, (_, i) => {
    const color = COLORS[i % COLORS.length]!
    const context = `${'so '.repeat(i % 4)}the box is ${color} now`
    const start = context.indexOf(color)
    const none = unanswered && i % 4 === 3
    return {
      ...{ id: `${i}`, context, question: none ? 'who?' : 'color?' },
      answers: none ? [] : [{ text: color, start, end: start + color.length }],
    }
  })
const encoder = { type: 'bert', hiddenSize: 16, numLayers: 1, numHeads: 2, pooling: 'first' }
const settings = {
  ...{ model: { type: 'bert-question-answering', encoder }, tokenizer: { vocabSize: 64 } },
  ...{ maxLength: 16, stride: 2, training: { batchSize: 4 } },
}

taskContract('question-answering', {
  task: questionAnswering,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings,
  train: questions(8, true),
  heldOut: questions(5, true),
  inputs: [
    { question: 'color?', context: 'the box is red now' },
    { question: 'color? '.repeat(9), context: `${'so '.repeat(30)}the box is blue now` },
  ],
})

const tokenizer = await learnWordPieces(
  questions(4).map(({ context }) => context),
  { vocabSize: 64, lowercase: true },
)

describe('questionWindows', () => {
  const window = { maxLength: 14, stride: 3, maxQuestionLength: 4 }

  it('finds the tokens of the answer in the windows that hold it whole', () => {
    const context = `${'so '.repeat(12)}the box is red`
    const answer = { text: 'is red', start: context.indexOf('is red'), end: context.length }
    const windows = questionWindows(tokenizer, { id: '', question: 'the', context, answers: [answer] }, window)
    expect(windows.length).toBeGreaterThan(1)
    const held = windows.filter(({ start }) => start > 0)
    expect(held.length).toBeGreaterThan(0)
    for (const { ids, start, end } of held) {
      expect(tokenizer.decode(Array.from(ids.slice(start, end + 1)))).toBe('is red')
    }
    for (const { ids, start, end } of windows) {
      expect(ids.length).toBeLessThanOrEqual(14)
      if (start === 0) expect(end).toBe(0)
    }
  })

  it('cuts a long question so that it leaves room', () => {
    const [only] = questionWindows(
      tokenizer,
      { id: '', question: 'so '.repeat(40), context: 'red', answers: [] },
      window,
    )
    expect(only!.ids).toHaveLength(4 + 3 + 1)
  })
})

describe('question-answering', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns answers and that there is none, and answers on the command line', async () => {
    const training = { batchSize: 8, learningRate: 2e-2, steps: 100, warmupSteps: 5 }
    const task = questionAnswering.create({ ...settings, training }, { registry, rng: new RandomStream(2) })
    const train = questions(32, true)
    const { best } = await task.fit(train, { validation: train.slice(0, 8) })
    expect(best!.value).toBe(best!.metrics['f1'])
    expect(await task.evaluate(train)).toMatchObject({ f1: 1, exactMatch: 1, examples: 32 })
    const use = (more: object) =>
      registry.create(usePoint, { type: 'answer', ...more }, { task: task as never, name: 'a' })
    const { outputs, json } = await use({ context: 'so the box is green now', top: 2 })(['color?', 'who?'])
    expect(outputs[0]!.split('\n')[0]).toMatch(/^ *\d+\.\d % {2}green {2}\(14-19\)$/)
    expect(outputs[0]!.split('\n')).toHaveLength(2)
    expect(json).toMatchObject([{ question: 'color?', answers: [{ answer: 'green', start: 14, end: 19 }, {}] }, {}])
    expect((await use({ top: 1 })(['color? ||| the box is red'])).outputs[0]).toContain('red')
    expect(() => use({ context: 'a', contextFile: 'b' })).toThrow('expected either context or contextFile, got both')
    await expect(use({})(['color?'])).rejects.toThrow("expected two texts with a tab or '|||' between them")
    const [, none] = await use({ context: 'so so so the box is black now', top: 1 })(['color?', 'who?']).then(
      (all) => all.outputs,
    )
    expect(none).toMatch(/^ *\d+\.\d % {2}\(no answer\)/)
    const [answers] = await task.predict([{ question: 'who?', context: 'so so so the box is black now' }])
    expect(task.pipeline.format(answers!)).toBe('(no answer)')
    task.dispose()
  })

  it('always answers where training has an answer for each question', async () => {
    const task = questionAnswering.create(settings, { registry, rng: new RandomStream(2) })
    await task.fit(questions(8), { steps: 1 })
    expect(task.files.get('answers.json')).toEqual({ mayHaveNone: false })
    const [answers] = await task.predict([{ question: 'who?', context: 'the box is red' }])
    expect(answers!.every(({ answer }) => answer !== '')).toBe(true)
    task.dispose()
  })
})

it('readQuestions reads the parts of SQuAD, and says which file is of another kind', async () => {
  const file = (id: string, is_impossible: boolean) =>
    JSON.stringify({
      data: [
        {
          paragraphs: [
            {
              context: 'a red box',
              qas: [
                { id, question: 'q?', is_impossible, answers: is_impossible ? [] : [{ text: 'red', answer_start: 2 }] },
              ],
            },
          ],
        },
      ],
    })
  const files = [
    ...memorySource('train-v2.0.json', file('1', false)).files,
    ...memorySource('dev-v2.0.json', file('2', true)).files,
  ]
  const { examples, notes } = await readQuestions({ name: 'squad', files }, 'bert-answer')
  expect(examples.map(({ id, split }) => [id, split])).toEqual([
    ['1', 'train'],
    ['2', 'validation'],
  ])
  expect(notes).toEqual(['1 questions have no answer'])
  await expect(readQuestions(memorySource('a.json', '{'), 'bert-answer')).rejects.toThrow('a.json: expected JSON, got ')
  await expect(readQuestions(memorySource('a.json', '{"data": []}'), 'bert-answer')).rejects.toThrow(
    'expected questions in a.json',
  )
})
