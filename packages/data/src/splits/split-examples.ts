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
  const groups = groupIndices(examples, groupBy)
  const parts: Record<keyof Split<E>, number[]> = { train: [], validation: [], test: [] }
  for (const group of new RandomStream(seed).shuffled(groups)) {
    const part = isNearer(parts.test.length, group.length, heldOut.test)
      ? parts.test
      : isNearer(parts.validation.length, group.length, heldOut.validation)
        ? parts.validation
        : parts.train
    for (const index of group) part.push(index)
  }
  for (const name of ['test', 'validation', 'train'] as const) {
    const size = name === 'train' ? numExamples - heldOut.test - heldOut.validation : heldOut[name]
    if (size > 0 && parts[name].length === 0) {
      throw new HeddleError(
        'data',
        `splitExamples: expected groups that fit a ${name} part of ${size}, got ${groups.length} groups of up to ` +
          `${groups.reduce((most, group) => Math.max(most, group.length), 0)} of ${numExamples} examples. Choose another size or a finer key.`,
      )
    }
  }
  const take = (indices: number[]) => indices.sort((a, b) => a - b).map((index) => examples[index]!)
  return { train: take(parts.train), validation: take(parts.validation), test: take(parts.test) }
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

function groupIndices<E>(examples: readonly E[], groupBy: ((example: E) => unknown) | undefined): number[][] {
  if (groupBy === undefined) return examples.map((_, index) => [index])
  const groups = new Map<unknown, number[]>()
  for (const [index, example] of examples.entries()) {
    const key = groupBy(example)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [index])
    else group.push(index)
  }
  return [...groups.values()]
}
