import type { PartSpec } from '@heddle/core'
import { type Adaptable, adaptableLayers, type Module } from '@heddle/layers'
import type { CheckpointFormat } from './checkpoint-format.ts'

/** A linear map of an architecture, with the layers of ours that it is made of, side by side. */
export interface LinearMap {
  /** Name of the module in transformers: `transformer.h.0.attn.c_attn`. */
  readonly name: string
  readonly layers: readonly Adaptable[]
  readonly inputSize: number
  readonly outputSize: number
  /** Whether transformers keeps its weight as [I, O] (Conv1D), not [O, I] (Linear). */
  readonly fanInFanOut: boolean
}

/** The linear maps of a model by the names that they have in transformers. */
export function linearMaps(model: Module, format: CheckpointFormat, spec: PartSpec): LinearMap[] {
  const byWeight = new Map(adaptableLayers(model).map(([, layer]) => [layer.weight, layer]))
  return format.weights(model, spec).flatMap(({ name, parameters, transposed = false }) => {
    const layers = parameters.flatMap((parameter) => byWeight.get(parameter) ?? [])
    if (!name.endsWith('.weight') || layers.length !== parameters.length) return []
    const outputSize = layers.reduce((sum, { weight }) => sum + weight.shape[1]!, 0)
    const inputSize = layers[0]!.weight.shape[0]!
    return [{ name: name.slice(0, -'.weight'.length), layers, inputSize, outputSize, fanInFanOut: !transposed }]
  })
}
