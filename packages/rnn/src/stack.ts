import type { PartSpec } from '@heddle/core'
import { asPart, type BuildContext, featureCount, layerCount, partOf } from '@heddle/layers'
import * as z from 'zod'
import { cellPoint, type RecurrentCell } from './cells/cell.ts'
import { Recurrent, type RecurrentConfig, type RecurrentLayer, recurrentConfig } from './recurrent.ts'

/** Config that RNN, LSTM and GRU have in common. */
export const stackConfig = recurrentConfig.extend({
  inputSize: z.int().min(1).describe('size of the input of a step'),
  hiddenSize: featureCount.describe('size of the hidden state in each direction'),
  numLayers: layerCount.default(1).describe('number of layers, each on top of the one before'),
  bidirectional: z.boolean().default(false).describe('whether each layer also reads from the end to the start'),
})
export type StackConfig = z.input<typeof stackConfig>

interface StackSizes {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly numLayers?: number | undefined
  readonly bidirectional?: boolean | undefined
}

/** Layers of cells of one kind, each on top of the one before. */
export function stackCells(
  { inputSize, hiddenSize, numLayers = 1, bidirectional = false }: StackSizes,
  makeCell: (inputSize: number, hiddenSize: number) => RecurrentCell,
): RecurrentLayer[] {
  const above = bidirectional ? 2 * hiddenSize : hiddenSize
  return Array.from({ length: numLayers }, (_, layer) => {
    const size = layer === 0 ? inputSize : above
    const forward = makeCell(size, hiddenSize)
    return bidirectional ? { forward, backward: makeCell(size, hiddenSize) } : { forward }
  })
}

/** A cell in a model's config: its name, or { type, … } with its own settings. */
export const cellSpec = partOf(cellPoint).describe(
  "recurrent cell: 'lstm', 'gru', 'rnn', a plugin's, or { type, … } with settings of its own",
)

/** Builds a stack of the cells that a config names. */
export function recurrentStack(
  { cell, ...config }: StackSizes & RecurrentConfig & { readonly cell: string | PartSpec },
  context: BuildContext,
): Recurrent {
  const { inputSize, hiddenSize, numLayers, bidirectional, ...rest } = config
  const layers = stackCells({ inputSize, hiddenSize, numLayers, bidirectional }, (inputSize, hiddenSize) =>
    context.registry.create(cellPoint, asPart(cell), { ...context, inputSize, hiddenSize }),
  )
  return new Recurrent(layers, rest, context.rng)
}
