import { describe, expect, it } from 'vitest'
import { accuracy } from './accuracy.ts'
import { binaryPrecisionRecallF1, precisionRecallF1 } from './precision-recall.ts'

// The example of scikit-learn's documentation of precision_recall_fscore_support.
const references = ['cat', 'dog', 'pig', 'cat', 'dog', 'pig']
const predictions = ['cat', 'pig', 'dog', 'cat', 'cat', 'dog']

describe('precisionRecallF1', () => {
  it('has the values of the example in the documentation of scikit-learn', () => {
    const { perClass, macro, micro, weighted } = precisionRecallF1(predictions, references)
    expect(perClass.get('cat')).toEqual({ precision: 2 / 3, recall: 1, f1: 0.8, support: 2 })
    expect(perClass.get('dog')).toEqual({ precision: 0, recall: 0, f1: 0, support: 2 })
    expect(perClass.get('pig')).toEqual({ precision: 0, recall: 0, f1: 0, support: 2 })
    expect(macro.precision).toBeCloseTo(0.2222222222222222, 12)
    expect(macro.recall).toBeCloseTo(0.3333333333333333, 12)
    expect(macro.f1).toBeCloseTo(0.26666666666666666, 12)
    expect(micro).toEqual({ precision: 1 / 3, recall: 1 / 3, f1: 1 / 3, support: 6 })
    expect(weighted.f1).toBeCloseTo(0.26666666666666666, 12)
  })

  it('weighs classes by their support on demand', () => {
    const { macro, weighted } = precisionRecallF1(['a', 'a', 'a', 'a'], ['a', 'a', 'a', 'b'])
    expect(macro.recall).toBe(0.5)
    expect(weighted.recall).toBe(0.75)
    expect(weighted.precision).toBeCloseTo(0.75 * 0.75, 12)
  })

  it('has the accuracy as its micro average over all classes', () => {
    expect(precisionRecallF1(predictions, references).micro.f1).toBe(accuracy(predictions, references))
  })

  it('counts only the classes that are named', () => {
    const { perClass, micro } = precisionRecallF1(predictions, references, ['cat', 'bird'])
    expect([...perClass.keys()]).toEqual(['cat', 'bird'])
    expect(perClass.get('bird')).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 })
    expect(micro).toMatchObject({ precision: 2 / 3, recall: 1 })
  })
})

describe('binaryPrecisionRecallF1', () => {
  it('takes one class against all others', () => {
    const score = binaryPrecisionRecallF1(Int32Array.of(1, 1, 1, 0, 0), Int32Array.of(1, 0, 0, 1, 0), 1)
    expect(score).toEqual({ precision: 1 / 3, recall: 1 / 2, f1: 0.4, support: 2 })
  })
})
