import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { imageClassification } from '../image-classification/image-classification.ts'
import { registry } from '../test-support/registry.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import { heldOut, officialSplit, splitAtRandom } from './dataset.ts'

describe('splitAtRandom', () => {
  it('keeps examples of one key in one part', () => {
    const examples = Array.from({ length: 300 }, (_, i) => ({ source: `s${i % 100}`, target: `t${i}` }))
    const dataset = splitAtRandom(examples, { validation: 0.1, test: 0.1 }, 1, (example) => example.source)
    const sources = Object.values(dataset).map(
      (part) => new Set(part.map((example: { source: string }) => example.source)),
    )
    expect(sources.reduce((sum, { size }) => sum + size, 0)).toBe(100)
    expect(sources.every(({ size }) => size > 0)).toBe(true)
  })

  it('keeps examples of one group in one part, with those of the same key', () => {
    // Group 7 and group 8 share a text.
    const examples = Array.from({ length: 300 }, (_, i) => ({
      text: i === 7 || i === 8 ? 'shared' : `text ${i}`,
      ...(i < 200 && { group: `${i % 20}` }),
    }))
    const parts = Object.values(splitAtRandom(examples, { validation: 0.2, test: 0.2 }, 1, ({ text }) => text))
    const groups = parts.map((part) => new Set(part.flatMap(({ group }: { group?: string }) => group ?? [])))
    expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(20)
    expect(groups.find((each) => each.has('7'))?.has('8')).toBe(true)
    expect(parts.map((part) => part.length).reduce((sum, size) => sum + size)).toBe(300)
    expect(parts.every((part) => part.length > 20)).toBe(true)
  })

  it('holds out at most a tenth where a number is asked for, and says so', () => {
    const sizes = (count: number, settings: { readonly validation: number; readonly test: number }) => {
      const notes: string[] = []
      const onNote = (note: string) => notes.push(note)
      const { validation, test } = splitAtRandom([...Array(count).keys()], { ...settings, onNote }, 1)
      return [validation.length, test.length, ...notes]
    }
    expect(sizes(100, { validation: 500, test: 0.3 })).toEqual([
      ...[10, 30, '500 for validation would be more than a tenth of 100 examples: a tenth is held out'],
    ])
    expect(sizes(5000, { validation: 500, test: 0 })).toEqual([500, 0])
    expect(sizes(3000, { validation: 500, test: 1000 }).at(-1)).toBe(
      '500 for validation and 1,000 for test would be more than a tenth of 3,000 examples: a tenth is held out',
    )
  })
})

describe('officialSplit', () => {
  const example = (i: number, split?: 'train' | 'validation' | 'test') => ({ i, ...(split && { split }) })
  const sizes = { validation: 0.5, test: 0.5 }
  const hold = (train: readonly { i: number }[]) => splitAtRandom(train, { validation: 0.5, test: 0 }, 1)

  it('is the split that the files bring', () => {
    const examples = [example(0), example(1, 'test'), example(2, 'validation'), example(3, 'train')]
    const { train, validation, test } = officialSplit(examples, hold, sizes)!
    expect([train, validation, test].map((part) => part.map(({ i }) => i))).toEqual([[0, 3], [2], [1]])
  })

  it('takes a validation part that is missing from training', () => {
    const examples = [...Array.from({ length: 8 }, (_, i) => example(i)), example(8, 'test'), example(9, 'test')]
    const { train, validation, test } = officialSplit(examples, hold, sizes)!
    expect([train.length, validation.length]).toEqual([4, 4])
    expect([...train, ...validation].map(({ i }) => i).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(test.map(({ i }) => i)).toEqual([8, 9])
  })

  it('leaves out the parts that are to be none', () => {
    const examples = [example(0), example(1, 'test'), example(2, 'validation')]
    expect(officialSplit(examples, hold, { validation: 0.5, test: 0 })).toMatchObject({
      validation: [{ i: 2 }],
      test: [],
    })
    expect(officialSplit(examples, hold, { validation: 0, test: 9 })).toMatchObject({
      validation: [],
      test: [{ i: 1 }],
    })
  })

  it('is none without such examples', () => {
    expect(officialSplit([example(1), example(2, 'train')], hold, sizes)).toBeUndefined()
    expect(officialSplit(['a text'], () => expect.unreachable(), sizes)).toBeUndefined()
  })

  it('goes before the split of the task, whose keys still hold within training', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ text: `${i % 15}`, label: `${i % 2}` }))
    const held = { text: 'held', label: '0', split: 'test' as const }
    const task = textClassification.create({}, { registry, rng: new RandomStream(1) })
    const { train, validation, test } = task.split([...rows, held], { validation: 0.2, test: 0.5 }, 1)
    expect(test).toEqual([held])
    const texts = new Set(train.map(({ text }) => text))
    expect(validation.length).toBeGreaterThan(0)
    expect(validation.filter(({ text }) => texts.has(text))).toEqual([])
  })
})

describe('the split of pictures', () => {
  it('keeps copies of a picture in one part', () => {
    const pictures = Array.from({ length: 60 }, (_, i) => ({
      pixels: Uint8Array.from({ length: 9 }, (_, j) => (i % 15) * 9 + j),
      width: 3,
      height: 3,
      labels: [`${i % 2}`],
    }))
    const task = imageClassification.create({}, { registry, rng: new RandomStream(1) })
    const { train, validation, test } = task.split(pictures, { validation: 0.2, test: 0.2 }, 1)
    const [known, held, last] = [train, validation, test].map((part) => new Set(part.map(({ pixels }) => pixels[0])))
    expect([known!.size + held!.size + last!.size, held!.size, last!.size]).toEqual([15, 3, 3])
  })
})

describe('heldOut', () => {
  it('is the test part, or the validation part where there is none', () => {
    expect(heldOut({ train: [1], validation: [2], test: [3] })).toEqual({ part: 'test', examples: [3] })
    expect(heldOut({ train: [1], validation: [2], test: [] })).toEqual({ part: 'validation', examples: [2] })
    expect(heldOut({ train: [1], validation: [], test: [] })).toEqual({ part: 'none', examples: [] })
  })
})
