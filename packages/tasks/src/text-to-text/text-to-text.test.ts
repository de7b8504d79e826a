import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { taskContract } from '@heddle/testing/task'
import { Tokenizer } from '@heddle/tokenizer'
import { describe, expect, it } from 'vitest'
import { registry } from '../test-support/registry.ts'
import { colorPairs } from '../test-support/tiny-examples.ts'
import { textToText } from './text-to-text.ts'

const settings = {
  model: { type: 'recurrent-seq2seq', embeddingSize: 4, hiddenSize: 4, attention: 'additive', dropout: 0.2 },
  tokenizer: { units: 'words' as const },
  training: { batchSize: 4, scheduledSampling: 0.3 },
  decoding: { maxLength: 4 },
}

taskContract('text-to-text', {
  task: textToText,
  registry,
  useBackend: () => useWasm({ threads: 1 }),
  settings,
  train: colorPairs(12),
  heldOut: colorPairs(18).slice(12),
  inputs: ['so red 1', 'blue', ''],
})

describe('separate units', () => {
  const pairs = [
    { source: 'cab', target: 'K AE B' },
    { source: 'ice', target: 'AY S' },
  ]

  it('read letters and write symbols between spaces', async () => {
    const tokenizer = { sourceUnits: 'characters', targetUnits: 'symbols' } as const
    const task = textToText.create({ ...settings, tokenizer }, { registry, rng: new RandomStream(1) })
    await task.prepare(pairs)
    const source = Tokenizer.fromJSON(task.files.get('tokenizer.json') as never)
    expect(source.encodeIds('cab', { addSpecialTokens: false })).toHaveLength(3)
    expect(task.modelSpec).toMatchObject({ target: { vocabSize: 4 + 5 } })
    const target = Tokenizer.fromJSON(task.files.get('tokenizer.target.json') as never)
    expect(target.encodeIds('K AE B', { addSpecialTokens: false })).toHaveLength(3)
    expect(target.decode(target.encodeIds('K AE B'))).toBe('K AE B')
    task.dispose()
  })

  it('cannot share a tokenizer', async () => {
    const tokenizer = { shared: true, targetUnits: 'symbols' } as const
    const task = textToText.create({ ...settings, tokenizer }, { registry, rng: new RandomStream(1) })
    await expect(task.prepare(pairs)).rejects.toThrow('expected tokenizer.shared with units of one kind')
  })
})
