import { HeddleError, RandomStream, show } from '@heddle/core'

export interface SplitOptions<E> {
  /** Examples held out for validation: a fraction below 1, or a number. Default: 0. */
  readonly validation?: number
  /** Examples held out for the test: a fraction below 1, or a number. Default: 0. */
  readonly test?: number
  readonly seed: number
  /** Key of an example, such as its speaker. Examples with the same key stay in one part. */
  readonly groupBy?: (example: E) => unknown
}

export interface Split<E> {
  readonly train: E[]
  readonly validation: E[]
  readonly test: E[]
}

/**
 * Splits examples at random into three parts. The same seed gives the same parts.
 *
 * Each requested part has at least one example, and so has `train`. The size of the validation part does not change the test part.
 * Within a part, the examples keep their order. With `groupBy`, the sizes are as close as whole groups allow.
 *
 * @throws HeddleError `data` when there are too few examples, or groups too large, for the parts
 */
export function splitExamples<E>(examples: readonly E[], options: SplitOptions<E>): Split<E> {
  const { validation = 0, test = 0, seed, groupBy } = options
  const numExamples = examples.length
  const heldOut = heldOutSizes(validation, test, numExamples)
  const { groupOf, sizes } = groupsOf(examples, groupBy)
  const numGroups = sizes.length
  const filled: Record<keyof Split<E>, number> = { train: 0, validation: 0, test: 0 }
  const partOf = new Array<keyof Split<E>>(numGroups)
  for (const group of new RandomStream(seed).shuffled(sizes.keys())) {
    const size = sizes[group]!
    const part = isNearer(filled.test, size, heldOut.test)
      ? 'test'
      : isNearer(filled.validation, size, heldOut.validation)
        ? 'validation'
        : 'train'
    partOf[group] = part
    filled[part] += size
  }
  for (const name of ['test', 'validation', 'train'] as const) {
    const size = name === 'train' ? numExamples - heldOut.test - heldOut.validation : heldOut[name]
    if (size > 0 && filled[name] === 0) {
      throw new HeddleError(
        'data',
        `splitExamples: expected groups that fit a ${name} part of ${size}, got ${numGroups} groups of up to ` +
          `${sizes.reduce((most, each) => Math.max(most, each), 0)} of ${numExamples} examples. Choose another size or a finer key.`,
      )
    }
  }
  const split: Split<E> = { train: [], validation: [], test: [] }
  for (let i = 0; i < numExamples; i++) split[partOf[groupOf === undefined ? i : groupOf[i]!]!].push(examples[i]!)
  return split
}

function heldOutSizes(validation: number, test: number, numExamples: number) {
  const size = {
    validation: partSize('validation', validation, numExamples),
    test: partSize('test', test, numExamples),
  }
  const exact = (part: number) => (part < 1 ? part * numExamples : part)
  // Rounding up alone must not use up a small set; a request for all of it is an error.
  if (numExamples > 0 && exact(validation) + exact(test) < numExamples) {
    if (size.validation + size.test >= numExamples && validation < 1 && size.validation > 1) size.validation--
    if (size.validation + size.test >= numExamples && test < 1 && size.test > 1) size.test--
  }
  if (size.validation + size.test >= Math.max(1, numExamples)) {
    throw new HeddleError(
      'data',
      `splitExamples: expected more than ${size.validation + size.test} examples for ${size.validation} in validation, ${size.test} in test ` +
        `and the rest in train, got ${numExamples}. Hold out less or add examples.`,
    )
  }
  return size
}

function partSize(name: string, part: number, numExamples: number): number {
  if (!(part >= 0) || (part >= 1 && !Number.isInteger(part))) {
    throw new HeddleError(
      'config',
      `splitExamples: expected ${name} to be a fraction below 1 or a whole number, got ${show(part)}. Correct it.`,
    )
  }
  return part >= 1 || part === 0 ? part : Math.max(1, Math.round(part * numExamples))
}

/** Whether a further group brings a part closer to its target size. */
const isNearer = (size: number, group: number, target: number) =>
  Math.abs(size + group - target) < Math.abs(size - target)

/** The group of each example, in the order in which groups begin, and their sizes; without a key each example is one. */
function groupsOf<E>(
  examples: readonly E[],
  groupBy: ((example: E) => unknown) | undefined,
): { readonly groupOf: Uint32Array | undefined; readonly sizes: readonly number[] } {
  if (groupBy === undefined) return { groupOf: undefined, sizes: new Array<number>(examples.length).fill(1) }
  const groups = new Map<unknown, number>()
  const groupOf = new Uint32Array(examples.length)
  const sizes: number[] = []
  for (let i = 0; i < examples.length; i++) {
    const key = groupBy(examples[i]!)
    let group = groups.get(key)
    if (group === undefined) {
      group = sizes.length
      groups.set(key, group)
      sizes.push(0)
    }
    groupOf[i] = group
    sizes[group]!++
  }
  return { groupOf, sizes }
}
