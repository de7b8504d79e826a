import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { usePoint } from '@heddle/tasks'
import { taskContract } from '@heddle/testing/task'
import { beforeAll, describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { subwordTagging } from './subword-tagging.ts'

const NAMES = ['Anna Berg', 'Ben Falk', 'Oslo', 'Eva Berg']
const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = NAMES[i % NAMES.length]!.split(' ')
    const kind = name.length === 2 ? 'PER' : 'LOC'
    return {
      words: ['we', 'saw', ...name, i % 3 === 0 ? 'there' : 'again'],
      tags: ['O', 'O', ...name.map((_, k) => `${k === 0 ? 'B' : 'I'}-${kind}`), 'O'],
    }
  })
const encoder = { type: 'bert', hiddenSize: 16, numLayers: 1, numHeads: 2, pooling: 'first' }
const settings = {
  model: { type: 'tagger', encoder },
  tokenizer: { vocabSize: 64 },
  training: { batchSize: 4 },
}

taskContract('subword-tagging', {
  task: subwordTagging,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings: { ...settings, subwords: 'all', constrained: true },
  train: sentences(8),
  heldOut: sentences(5),
  inputs: ['we saw Anna Berg', ['Oslo', 'again'], '', 'we'],
})

describe('subword-tagging', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  const fitted = async (train: ReturnType<typeof sentences>, more: object = {}) => {
    const training = { batchSize: 8, learningRate: 2e-2, steps: 60, warmupSteps: 5 }
    const task = subwordTagging.create({ ...settings, training, ...more }, { registry, rng: new RandomStream(2) })
    await task.fit(train)
    return task
  }

  it('finds whole names with their places, by any strategy, also in text that is longer than it reads at once', async () => {
    const task = await fitted(sentences(24), { maxLength: 24, stride: 8 })
    const text = `${'we saw there '.repeat(6)}we saw Eva Berg again`
    const [found] = await task.predict([text])
    expect(found).toEqual([{ label: 'PER', text: 'Eva Berg', start: 85, end: 93, score: expect.closeTo(1, 0) }])
    expect(task.pipeline.format(found!)).toMatch(/^PER Eva Berg \(\d+ %\)$/)
    const use = registry.create(
      usePoint,
      { type: 'find-entities', strategy: 'none' },
      { task: task as never, name: 'a' },
    )
    const { outputs, json } = await use(['we saw Oslo again', 'we saw'])
    expect(outputs[0]).toMatch(/^ +7-.* B-LOC +\d+ % /)
    expect(outputs[1]).toBe('(none)')
    expect(json).toMatchObject([{ text: 'we saw Oslo again' }, { entities: [] }])
    task.dispose()
  })

  it('gives labels of another kind for each word', async () => {
    const tagged = sentences(12).map(({ words }) => ({
      words,
      tags: words.map((word) => (/^[A-Z]/.test(word) ? 'NAME' : 'WORD')),
    }))
    const task = await fitted(tagged)
    const [plain, split] = await task.predict(['we saw Oslo, again', ['we', 'saw', 'Anna', 'Berg', 'again']])
    expect(task.pipeline.format(plain!)).toMatch(/^we\/WORD saw\/WORD Oslo\/NAME ,\/\w+ again\/WORD$/)
    expect(plain![2]).toMatchObject({ text: 'Oslo', start: 7, end: 11 })
    expect(task.pipeline.format(split!)).toBe('we/WORD saw/WORD Anna/NAME Berg/NAME again/WORD')
    const use = () => registry.create(usePoint, { type: 'find-entities' }, { task: task as never, name: 'runs/a' })
    expect(use).toThrow(/expected a run that can find-entities, got runs\/a/)
    task.dispose()
  })

  it('scores words together by a CRF, also in text that is not split', async () => {
    const model = { ...settings.model, scoring: 'crf' }
    const task = await fitted(sentences(24), { model, constrained: true })
    const [found] = await task.predict(['we saw Eva Berg again'])
    expect(found).toEqual([{ label: 'PER', text: 'Eva Berg', start: 7, end: 15, score: expect.closeTo(1, 0) }])
    task.dispose()
    await expect(fitted(sentences(24), { model, subwords: 'all' })).rejects.toThrow(
      'expected subwords=first with a CRF',
    )
  })

  it('reads text by characters where its sentences had a character for each word', async () => {
    const spelled = sentences(24).map(({ words, tags }) => ({
      words: words.flatMap((word, i) => [...(i === 0 ? [] : ['▁']), ...word]),
      tags: words.flatMap((word, i) => {
        const inside = tags[i]!.replace('B-', 'I-')
        return [
          ...(i === 0 ? [] : [tags[i]!.startsWith('I-') ? inside : 'O']),
          tags[i]!,
          ...[...word].slice(1).map(() => inside),
        ]
      }),
    }))
    const task = await fitted(spelled as never, { constrained: true })
    const [found] = await task.predict(['we saw Eva Berg again'])
    expect(found).toEqual([{ label: 'PER', text: 'Eva Berg', start: 7, end: 15, score: expect.closeTo(1, 0) }])
    task.dispose()
  })
})
