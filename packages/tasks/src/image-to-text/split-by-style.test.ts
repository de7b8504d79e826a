import { expect, it } from 'vitest'
import { colorPictures } from '../test-support/tiny-examples.ts'
import { splitByStyle } from './split-by-style.ts'

const pictures = colorPictures(60).map(({ source, target }, i) => ({ source: { ...source, style: i % 3 }, target }))
const sizes = { validation: 4, test: 10 }
const styles = (examples: typeof pictures) => new Set(examples.map(({ source }) => source.style))

it('tests on a style of drawing that training does not have', () => {
  const { train, validation, test } = splitByStyle(pictures, sizes, 1, 1)
  expect(styles(test as typeof pictures)).toEqual(new Set([1]))
  expect(styles([...train, ...validation] as typeof pictures)).toEqual(new Set([0, 2]))
  expect(validation).toHaveLength(4)
  expect(styles(splitByStyle(pictures, sizes, 1, -1).test as typeof pictures)).toEqual(new Set([2]))
  expect(() => splitByStyle(pictures, sizes, 1, 3)).toThrow('data.testStyle: expected a style below 3, got 3.')
})

it('splits pictures of a single style at random', () => {
  const same = pictures.map(({ source, target }) => ({ source: { ...source, style: 0 }, target }))
  const parts = splitByStyle(same, { validation: 4, test: 5 }, 1, 1)
  expect(Object.values(parts).map(({ length }) => length)).toEqual([51, 4, 5])
})
