import { RandomStream } from '@heddle/core'
import { type SplitExample, type SplitPart, splitExamples } from '@heddle/data'
import * as z from 'zod'

/** Examples in three parts; no example of one is in another. */
export interface Dataset<E> {
  readonly train: readonly E[]
  readonly validation: readonly E[]
  readonly test: readonly E[]
}

/** Sizes of the held-out parts: below 1 a share of the examples, from 1 on their number. */
export interface SplitSettings {
  readonly validation: number
  readonly test: number
  /** Number of training examples, drawn from all of them (default: all). */
  readonly train?: number | undefined
  /** Receives a line for the user where a part is not as large as asked for. */
  onNote?(note: string): void
}

/** The settings of {@link SplitSettings}, for the `data` section of a recipe. */
export const splitFields = {
  validation: z
    .number()
    .min(0)
    .default(0.1)
    .describe(
      'examples held out for validation: a number, at most a tenth of the data, or a share below 1; 0 for none. A part that the files bring is taken whole, or left out with 0',
    ),
  test: z
    .number()
    .min(0)
    .default(0.1)
    .describe('examples held out for the test: a number, at most a tenth of the data, or a share below 1; 0 for none'),
  train: z
    .int()
    .min(1)
    .optional()
    .describe('number of training examples, drawn at random from those that are not held out (default: all)'),
}

/**
 * Splits examples at random. Those of one group stay in one part.
 *
 * @param keyOf examples with the same key stay in one part too
 */
export function splitAtRandom<E>(
  examples: readonly E[],
  { validation, test, onNote }: SplitSettings,
  seed: number,
  keyOf?: (example: E) => unknown,
): Dataset<E> {
  const capped = Object.entries({ validation, test }).filter(([, wanted]) => isCapped(wanted, examples.length))
  if (capped.length > 0) {
    const parts = capped.map(([part, wanted]) => `${wanted.toLocaleString('en')} for ${part}`).join(' and ')
    onNote?.(
      `${parts} would be more than a tenth of ${examples.length.toLocaleString('en')} examples: a tenth is held out`,
    )
  }
  const groupBy = examples.some((example) => groupOf(example) !== undefined) ? joinedKeys(examples, keyOf) : keyOf
  return splitExamples(examples, {
    validation: heldOutShare(validation, examples.length),
    test: heldOutShare(test, examples.length),
    seed,
    ...(groupBy && { groupBy }),
  })
}

const groupOf = (example: unknown): string | undefined =>
  typeof example === 'object' && example !== null ? (example as SplitExample).group : undefined

/** Keys of examples, where those that share a group or a key have the same one, also by way of others. */
function joinedKeys<E>(examples: readonly E[], keyOf: ((example: E) => unknown) | undefined): (example: E) => unknown {
  // A forest of groups and keys, whose roots are the joined keys.
  const parents: number[] = []
  const rootOf = (node: number): number => {
    let root = node
    while (parents[root] !== root) root = parents[root]!
    for (let at = node; at !== root; ) [at, parents[at]] = [parents[at]!, root]
    return root
  }
  const nodeIn = (nodes: Map<unknown, number>, key: unknown): number => {
    const known = nodes.get(key)
    if (known !== undefined) return known
    const node = parents.length
    parents.push(node)
    nodes.set(key, node)
    return node
  }
  const [groups, keys] = [new Map<unknown, number>(), new Map<unknown, number>()]
  const nodes = new Map<E, number>()
  for (const example of examples) {
    const node = nodeIn(keys, keyOf === undefined ? example : keyOf(example))
    const group = groupOf(example)
    if (group !== undefined) parents[rootOf(node)] = rootOf(nodeIn(groups, group))
    nodes.set(example, node)
  }
  return (example) => rootOf(nodes.get(example)!)
}

/** The part that the files bring an example into: its own, or the one beside it. */
const partOf = (example: unknown, split: SplitPart | undefined): SplitPart =>
  split ?? (typeof example === 'object' && example !== null ? ((example as SplitExample).split ?? 'train') : 'train')

/**
 * The parts of the split that files bring, in their order; undefined where they bring none.
 *
 * @param splits the part of each example, for examples that do not hold it themselves
 */
export function officialParts(
  examples: readonly unknown[],
  splits: readonly SplitPart[] = [],
): readonly SplitPart[] | undefined {
  const found = new Set(examples.map((example, i) => partOf(example, splits[i])))
  if (![...found].some((part) => part !== 'train')) return undefined
  return (['train', 'validation', 'test'] as const).filter((part) => found.has(part))
}

/** The examples of one part, as {@link officialParts} tells parts. */
export const examplesOf = <E>(part: SplitPart, examples: readonly E[], splits: readonly SplitPart[] = []): E[] =>
  examples.filter((example, i) => partOf(example, splits[i]) === part)

/**
 * The split that the files of the examples bring, if they do; without the parts whose size is to be 0.
 *
 * @param hold takes the validation part from the training examples where the files have none
 * @param splits the part of each example, for examples that do not hold it themselves
 */
export function officialSplit<E>(
  examples: readonly E[],
  hold: (train: readonly E[]) => Dataset<E>,
  { validation, test: testSize }: Pick<SplitSettings, 'validation' | 'test'>,
  splits: readonly SplitPart[] = [],
): Dataset<E> | undefined {
  if (officialParts(examples, splits) === undefined) return undefined
  const among = (name: SplitPart) => examplesOf(name, examples, splits)
  const [train, held, test] = [among('train'), among('validation'), testSize === 0 ? [] : among('test')]
  if (held.length > 0) return { train, validation: validation === 0 ? [] : held, test }
  return { ...hold(train), test }
}

/** The dataset with at most `most` training examples, drawn at random and left in their order. */
export function withFewer<E>(dataset: Dataset<E>, most: number | undefined, seed: number): Dataset<E> {
  if (most === undefined || dataset.train.length <= most) return dataset
  const chosen = new RandomStream(seed).shuffled([...dataset.train.keys()]).slice(0, most)
  return { ...dataset, train: chosen.sort((a, b) => a - b).map((i) => dataset.train[i]!) }
}

const isCapped = (wanted: number, numExamples: number) => wanted >= 1 && wanted > numExamples / 10

/** A held-out part as asked for, but at most a tenth of the data where a number is given: small files are not used up. */
const heldOutShare = (wanted: number, numExamples: number) => (isCapped(wanted, numExamples) ? 0.1 : wanted)

/** The part that a run is judged by: the test part, or the validation part where there is no test part; none without both. */
export function heldOut<E>(dataset: Dataset<E>): { part: 'test' | 'validation' | 'none'; examples: readonly E[] } {
  if (dataset.test.length > 0) return { part: 'test', examples: dataset.test }
  return { part: dataset.validation.length > 0 ? 'validation' : 'none', examples: dataset.validation }
}
