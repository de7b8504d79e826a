import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectAttention } from './inspect-attention.ts'
import { languageModel, translator } from './test-support/tiny-tasks.ts'

beforeAll(useCpu)

describe('inspectAttention', () => {
  it('has a row of weights for each written token that sums to 1', async () => {
    const { kind, source, target, weights, logProbability } = await inspectAttention(translator(), 'He was sick.')
    expect(kind).toBe('attention')
    expect(source).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(weights).toHaveLength(target.length)
    for (const row of weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    expect(logProbability).toBeLessThan(0)
  })

  it('needs a task that writes, and a model with attention', async () => {
    await expect(inspectAttention(languageModel({}), 'He')).rejects.toThrow(
      "attention: expected a run that writes a text for a text, got mine, a run of 'language-modeling'",
    )
    await expect(inspectAttention(translator({ attention: null }), 'He')).rejects.toThrow(
      'attention: expected a model with attention, got mine',
    )
  })
})
