import { RandomStream } from '@heddle/core'
import { randomSampler } from '@heddle/decoding'
import { generating, openTask } from '@heddle/tasks'
import { useCpu } from '@heddle/testing'
import { beforeAll, expect, it } from 'vitest'
import { registry, trained } from './test-support/registry.ts'

beforeAll(useCpu)

it('is counted, kept and opened to the same numbers, far below single characters', async () => {
  const { store, task, dataset, evaluation, result, exhibits } = await trained({
    type: 'ngram-lm',
    data: { count: 60_000 },
  })
  expect(result.reason).toBe('finished')
  expect(evaluation!.part).toBe('validation')
  expect(evaluation!.metrics['loss']).toBeLessThan(0.6)
  expect(evaluation!.baseline!['loss']).toBeGreaterThan(2.5)
  expect(exhibits).toHaveLength(3)
  task.dispose()

  const opened = await openTask(store, registry)
  expect(await opened.evaluate(dataset.validation)).toEqual(evaluation!.metrics)
  const sampler = (rng: RandomStream) => randomSampler({ temperature: 0.7 }, rng)
  const generator = generating.find(opened.pipeline.abilities)!
  const generate = () => generator.generate({ prompt: 'One day ', length: 120, sampler, rng: new RandomStream(5) })
  const text = await generate()
  expect(text).toHaveLength(120)
  expect(await generate()).toBe(text)
  // Written by the model that was counted from them: nearly all of its words are words of the tales.
  const known = new Set([...dataset.train, ...dataset.validation].join(' ').split(/\s+/))
  const words = text.split(/\s+/).slice(1, -1)
  expect(words.filter((word) => known.has(word)).length / words.length).toBeGreaterThan(0.8)
  opened.dispose()
})
