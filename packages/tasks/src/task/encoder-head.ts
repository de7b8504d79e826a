import type { PartSpec } from '@heddle/core'
import { isObject } from './settings.ts'

/** The encoder of a model that is a head on one, with its settings. */
export function encoderOf({ encoder }: PartSpec): PartSpec | undefined {
  if (typeof encoder === 'string') return { type: encoder }
  return isObject(encoder) && typeof encoder['type'] === 'string' ? (encoder as unknown as PartSpec) : undefined
}

/** The model to read from a checkpoint for a run of this one: itself with a new head where it is a head on an encoder. */
export const headFor = (model: PartSpec): PartSpec | undefined => encoderOf(model) && { type: model.type }
