import type { Module } from './module.ts'
import { namedModules, namedParameters } from './tree.ts'

/** Row of a summary: one module. */
export interface SummaryRow {
  readonly path: string
  /** The class's name. */
  readonly kind: string
  /** The module's own parameters: name and shape. */
  readonly parameters: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly trainable: boolean
  }[]
  /** Number of elements in its own parameters. */
  readonly size: number
}

/** Lists every module of the tree with its own parameters, in order. */
export function summary(root: Module): SummaryRow[] {
  const paths = namedModules(root).map(([path, module]) => ({ path, module }))
  const rows = new Map(
    paths.map(({ path, module }) => [
      path,
      { path, kind: module.constructor.name, parameters: [] as SummaryRow['parameters'][number][], size: 0 },
    ]),
  )
  for (const [path, parameter] of namedParameters(root)) {
    const owner = paths
      .map((entry) => entry.path)
      .filter((candidate) => candidate === '' || path.startsWith(`${candidate}.`))
      .reduce((longest, candidate) => (candidate.length >= longest.length ? candidate : longest), '')
    const row = rows.get(owner)
    if (row === undefined) continue
    row.parameters.push({
      name: owner === '' ? path : path.slice(owner.length + 1),
      shape: parameter.shape,
      trainable: parameter.trainable,
    })
    row.size += parameter.size
  }
  return [...rows.values()]
}
