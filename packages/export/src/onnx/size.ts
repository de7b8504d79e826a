/**
 * A number that depends on the sizes of the inputs: the sum of each coefficient times the product of its sizes, such as
 * 4·batch·time + 1.
 */
export type Size = ReadonlyMap<string, number>

/** Sizes of the axes that may vary, in one trace. */
export type Sizes = Readonly<Record<string, number>>

/**
 * Traces that determine every {@link Size}: each axis takes two sizes, in all combinations, and one trace more checks the result.
 *
 * @param axes the two sizes of each axis, and the one of the check
 */
export function samplesOf(axes: Readonly<Record<string, readonly [number, number, check: number]>>): readonly Sizes[] {
  const names = Object.keys(axes)
  const corners = Array.from({ length: 2 ** names.length }, (_, i) =>
    Object.fromEntries(names.map((name, n) => [name, axes[name]![(i >> n) & 1]!])),
  )
  return [...corners, Object.fromEntries(names.map((name) => [name, axes[name]![2]]))]
}

/** The number as a function of the sizes; undefined when it is no sum of products of them. */
export function sizeOfSamples(values: readonly number[], samples: readonly Sizes[]): Size | undefined {
  if (values.every((value) => value === values[0])) return new Map([['', values[0]!]])
  const names = Object.keys(samples[0]!)
  const count = 2 ** names.length
  const terms = Array.from({ length: count }, (_, i) => names.filter((__, n) => (i >> n) & 1))
  const product = (term: readonly string[], sizes: Sizes) => term.reduce((all, name) => all * sizes[name]!, 1)
  // One row a corner: the products of the sizes, then the value.
  const rows = samples.slice(0, count).map((sizes, i) => [...terms.map((term) => product(term, sizes)), values[i]!])
  for (let column = 0; column < count; column++) {
    const pivot = rows.findIndex((row, i) => i >= column && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) return undefined
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let i = 0; i < count; i++) {
      if (i === column) continue
      const factor = rows[i]![column]! / rows[column]![column]!
      for (let j = column; j <= count; j++) rows[i]![j]! -= factor * rows[column]![j]!
    }
  }
  const size = new Map<string, number>()
  for (const [i, term] of terms.entries()) {
    const coefficient = Math.round(rows[i]![count]! / rows[i]![i]!)
    if (coefficient !== 0) size.set(term.join(' '), coefficient)
  }
  const holds = samples.every((sizes, i) => sizeIn(size, sizes) === values[i])
  return holds ? size : undefined
}

/** The number in one trace. */
const sizeIn = (size: Size, sizes: Sizes): number =>
  [...size].reduce(
    (sum, [term, coefficient]) =>
      sum + coefficient * (term === '' ? 1 : term.split(' ').reduce((all, name) => all * sizes[name]!, 1)),
    0,
  )

/** The number where it does not depend on the sizes. */
export const constantSize = (size: Size): number | undefined =>
  size.size === 0 ? 0 : size.size === 1 && size.has('') ? size.get('') : undefined
