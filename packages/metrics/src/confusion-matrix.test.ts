import { describe, expect, it } from 'vitest'
import { confusionMatrix } from './confusion-matrix.ts'

describe('confusionMatrix', () => {
  it('counts references by row and predictions by column', () => {
    expect(
      confusionMatrix(['ant', 'ant', 'cat', 'cat', 'ant', 'cat'], ['cat', 'ant', 'cat', 'cat', 'ant', 'bird']),
    ).toEqual({
      labels: ['ant', 'bird', 'cat'],
      counts: [
        [2, 0, 0],
        [0, 0, 1],
        [1, 0, 2],
      ],
    })
  })

  it('sorts numbers as numbers and takes a given order', () => {
    expect(confusionMatrix([10, 9], [9, 10]).labels).toEqual([9, 10])
    expect(confusionMatrix([1], [2], [2, 1]).counts).toEqual([
      [0, 1],
      [0, 0],
    ])
  })

  it('refuses labels that are not in the given order', () => {
    expect(() => confusionMatrix(['x'], ['a'], ['a', 'b'])).toThrow(
      'confusionMatrix: expected one of the 2 labels, got "x". Add it to labels.',
    )
  })

  it('refuses so many labels that they must be texts', () => {
    const texts = Array.from({ length: 5001 }, (_, i) => `text ${i}`)
    expect(() => confusionMatrix(texts, texts)).toThrow(
      'confusionMatrix: expected at most 5000 labels, got 5001. Check that these are labels, or count fewer.',
    )
  })
})
