import { createRegistry, RandomStream } from '@heddle/core'
import { trainerPlugin } from '@heddle/trainer'
import { expect, it } from 'vitest'
import { tasksPlugin } from '../plugin.ts'
import { languageModeling } from './language-modeling.ts'

it('reads special tokens in a corpus as the characters that they are made of', async () => {
  const registry = createRegistry([trainerPlugin, tasksPlugin])
  const task = languageModeling.create({ model: { type: 'ngram-lm' } }, { registry, rng: new RandomStream(1) })
  const text = 'the <unk> of the <pad>\n'
  await task.prepare([text.repeat(20)])
  const ids = await task.pipeline.encode([text])
  expect(ids).toHaveLength(text.length)
  expect(new Set(ids).size).toBe(new Set(text).size)
  task.dispose()
})
