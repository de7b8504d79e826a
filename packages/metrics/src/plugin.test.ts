import { createRegistry, jsonSchemaOf } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { metricPoint } from './metric.ts'
import { metricsPlugin } from './plugin.ts'

const registry = createRegistry(metricsPlugin)
const compute = (
  spec: { type: string; [key: string]: unknown },
  predictions: readonly unknown[],
  references: readonly unknown[],
) => registry.create(metricPoint, spec, undefined).compute(predictions, references)

describe('metricsPlugin', () => {
  it.each(['bleu', 'chrf', 'rouge', 'exactMatch'])('%s takes any right text of an input for right', (type) => {
    const metric = registry.create(metricPoint, { type }, undefined)
    const [input, other] = ['a cat sat on a mat', 'it rained the whole day']
    const predictions = ['eine Katze', 'eine Katze', 'Regen den ganzen Tag']
    const references = ['eine Katze', 'ein Kater', 'Regen den ganzen Tag']
    const alone = metric.compute(predictions, references)
    const together = metric.compute(predictions, references, [input, input, other])
    const name = metric.values[0]!.name
    expect(together[name]).toBeCloseTo(type === 'bleu' || type === 'chrf' ? 100 : 1, 6)
    expect(alone[name]).toBeLessThan(together[name]!)
    // Inputs that all differ change nothing.
    expect(metric.compute(predictions, references, [1, 2, 3])).toEqual(alone)
  })

  it.each([
    [{ type: 'accuracy', ignore: 0 }, [1, 2, 5], [1, 1, 0], { accuracy: 0.5 }],
    [{ type: 'f1' }, ['a', 'b'], ['a', 'a'], { f1: 1 / 3, precision: 0.5, recall: 0.25 }],
    [
      { type: 'f1', average: 'binary', positive: 'a' },
      ['a', 'b'],
      ['a', 'a'],
      { f1: 2 / 3, precision: 1, recall: 0.5 },
    ],
    [{ type: 'spanF1' }, [['B-x', 'O']], [['B-x', 'B-x']], { spanF1: 2 / 3, spanPrecision: 1, spanRecall: 0.5 }],
    [{ type: 'exactMatch' }, ['a', 'b '], ['a', 'b'], { exactMatch: 1 }],
    [{ type: 'perplexity' }, [Math.log(8), Math.log(2)], [1, 1], { perplexity: 4 }],
    [{ type: 'bitsPerCharacter' }, [Math.log(4)], [1], { bitsPerCharacter: 2 }],
    [{ type: 'bleu', tokenizer: 'char' }, ['abcd'], ['abcd'], { bleu: 100, brevityPenalty: 1 }],
    [{ type: 'chrf', wordOrder: 2 }, ['a b'], ['a b'], { chrf: 100 }],
    [{ type: 'rouge', tokenizer: 'unicode' }, ['가 나'], ['가 나'], { rouge1: 1, rouge2: 1, rougeL: 1 }],
    [
      { type: 'wordErrorRate' },
      ['a b'],
      ['a c'],
      { wordErrorRate: 0.5, hits: 1, substitutions: 1, deletions: 0, insertions: 0 },
    ],
    [
      { type: 'characterErrorRate' },
      ['ab'],
      ['ab'],
      { characterErrorRate: 0, hits: 2, substitutions: 0, deletions: 0, insertions: 0 },
    ],
    [{ type: 'mae' }, [1, 2], [2, 4], { mae: 1.5 }],
    [{ type: 'rmse' }, [1, 2], [2, 3], { rmse: 1 }],
    [{ type: 'pearson' }, [1, 2, 3], [2, 4, 6], { pearson: 1 }],
    [{ type: 'spearman' }, [1, 2, 9], [3, 2, 1], { spearman: -1 }],
    [
      { type: 'spanF1', mode: 'strict' },
      [['I-x', 'B-x']],
      [['B-x', 'B-x']],
      { strictSpanF1: 2 / 3, strictSpanPrecision: 1, strictSpanRecall: 0.5 },
    ],
  ])('computes %j', (spec, predictions, references, expected) => {
    const values = compute(spec, predictions, references)
    for (const { name } of registry.create(metricPoint, spec, undefined).values)
      expect(values[name]).toBeTypeOf('number')
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, value] of Object.entries(expected)) expect(values[name]).toBeCloseTo(value, 10)
  })

  it('says of every metric what it is, which value stands for it, and which way is better', () => {
    const definitions = registry.list(metricPoint)
    expect(definitions).toHaveLength(18)
    for (const { name, summary, config } of definitions) {
      const spec = name === 'f1' ? { type: name, average: 'micro' } : { type: name }
      const metric = registry.create(metricPoint, spec, undefined)
      expect(summary.length).toBeGreaterThan(20)
      expect(metric.values[0]!.name).toMatch(/^\w+$/)
      for (const { better } of metric.values) expect(['higher', 'lower']).toContain(better)
      for (const property of Object.values(jsonSchemaOf(config).properties ?? {}))
        expect(property.description).toBeTruthy()
    }
  })

  it('refuses a config that makes no sense', () => {
    expect(() => compute({ type: 'f1', average: 'binary' }, [], [])).toThrow(
      "metric 'f1': expected 'positive' with average 'binary'",
    )
    expect(() => compute({ type: 'f1', positive: 1 }, [], [])).toThrow("got 1 with average 'macro'")
    expect(() => compute({ type: 'bleu', tokeniser: '13a' }, [], [])).toThrow(
      "unknown key 'tokeniser'. Did you mean 'tokenizer'?",
    )
  })
})
