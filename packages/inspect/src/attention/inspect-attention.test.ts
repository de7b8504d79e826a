import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { languageModel, transformer, translator } from '../test-support/tiny-tasks.ts'
import { inspectAttention, type WrittenAttention } from './inspect-attention.ts'

beforeAll(useCpu)

describe('inspectAttention', () => {
  it('has a row of weights for each token that a recurrent decoder writes', async () => {
    const exhibit = await inspectAttention(await translator(), 'He was sick.')
    const { kind, source, target, weights, logProbability } = exhibit as WrittenAttention
    expect(kind).toBe('attention')
    expect(source).toEqual(['He', 'was', 'sick', '.', '<eos>'])
    expect(weights).toHaveLength(target.length)
    for (const row of weights) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    expect(logProbability).toBeLessThan(0)
  })

  it('has the heads of a Transformer', async () => {
    expect((await inspectAttention(await transformer(), 'The old man')).kind).toBe('attention-heads')
  })

  it('needs a model with attention', async () => {
    await expect(inspectAttention(await languageModel({}), 'He')).rejects.toThrow(
      "attention: expected a model with attention, got mine, a 'recurrent-lm' without. Use a Transformer",
    )
    await expect(inspectAttention(await translator({ attention: null }), 'He was')).rejects.toThrow(
      "attention: expected a model with attention, got mine, a 'recurrent-seq2seq' without. Train with --set model.attention=additive",
    )
  })
})
