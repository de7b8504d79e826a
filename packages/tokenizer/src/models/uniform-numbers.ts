import { philox4x32, type RandomStream } from '@heddle/core'

/** Source of random numbers in [0, 1). */
export type UniformNumbers = Pick<RandomStream, 'uniform'>

/** The numbers that `new RandomStream(0)` draws, without the code of all other kinds of draws, which every page would load. */
export function uniformNumbers(): UniformNumbers {
  let drawn = 0
  let words: readonly number[] = []
  return {
    uniform() {
      const at = 2 * (drawn % 2)
      if (at === 0) words = philox4x32([drawn / 2, 0, 0, 0], [0, 0])
      drawn++
      return ((words[at]! >>> 5) * 2 ** 26 + (words[at + 1]! >>> 6)) / 2 ** 53
    },
  }
}
