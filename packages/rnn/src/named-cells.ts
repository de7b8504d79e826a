import { type Module, namedModules } from '@heddle/layers'
import { isRecurrentCell, type RecurrentCell } from './cells/cell.ts'
import type { RecurrentLayer } from './recurrent.ts'

/** A recurrent cell of a model, and its place. */
export interface NamedCell {
  /** Path below the model, such as `recurrent.layers.0.forward`. */
  readonly path: string
  readonly cell: RecurrentCell
  /** Number of the layer in its network, from 0. */
  readonly layer: number
  /** Whether it reads from the end to the start. */
  readonly reverse: boolean
}

/** Every recurrent cell below `root`, in order of the tree. */
export function namedCells(root: object): NamedCell[] {
  const modules = namedModules(root)
  const places = new Map<Module, { layer: number; reverse: boolean }>()
  for (const [, module] of modules) {
    recurrentLayersOf(module).forEach(({ forward, backward }, layer) => {
      places.set(forward, { layer, reverse: false })
      if (backward !== undefined) places.set(backward, { layer, reverse: true })
    })
  }
  return modules.flatMap(([path, cell]) =>
    isRecurrentCell(cell) ? [{ path, cell, ...(places.get(cell) ?? { layer: 0, reverse: false }) }] : [],
  )
}

function recurrentLayersOf(module: Module): readonly RecurrentLayer[] {
  const { layers } = module as { readonly layers?: unknown }
  if (!Array.isArray(layers)) return []
  return layers.filter(
    (layer): layer is RecurrentLayer => typeof layer?.forward === 'object' && isRecurrentCell(layer.forward),
  )
}
