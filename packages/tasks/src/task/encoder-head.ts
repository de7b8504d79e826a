import type { PartSpec } from '@heddle/core'
import type { HoldsEncoder, Module } from '@heddle/layers'
import { isObject, mergeSettings, type Settings } from './settings.ts'

/** The encoder of a model that is a head on one, with its settings. */
export function encoderOf({ encoder }: PartSpec): PartSpec | undefined {
  if (typeof encoder === 'string') return { type: encoder }
  return isObject(encoder) && typeof encoder['type'] === 'string' ? (encoder as unknown as PartSpec) : undefined
}

/** The model to read from a checkpoint for a run of this one: itself with a new head where it is a head on an encoder. */
export const headFor = (model: PartSpec): PartSpec | undefined => encoderOf(model) && { type: model.type }

/** The encoder in a trained model, as data. */
export interface FoundEncoder {
  readonly spec: PartSpec
  /** Kind and size of what it reads; undefined where the model does not say. */
  readonly input: unknown
  /** Fields of the model in which its weights lie; undefined where they lie below `encoder`. */
  readonly fields?: readonly string[]
}

/** The encoder of a model that is a head on one, or that says how it is one without its own head. */
export function encoderIn(model: Module, spec: PartSpec): FoundEncoder | undefined {
  const own = encoderOf(spec)
  return own === undefined ? (model as Partial<HoldsEncoder>).asEncoder : { spec: own, input: spec['input'] }
}

export interface NewHead {
  /** The model of the run that starts: the recipe's own, below the user's settings. */
  readonly model: PartSpec
  /** The user's settings of the model. */
  readonly given: unknown
  /** Type of the task's head on any encoder, where it has one. */
  readonly headOnEncoder: string | undefined
}

/**
 * The model of a run that puts its head on the encoder of a starting point, without the sizes of the data.
 *
 * @param from the starting point's model and encoder, and whether the model was read with a new head
 * @returns undefined where the run does not: its model, or the starting point's, has no encoder, or both are of one kind
 */
export function onEncoder(
  { model, given, headOnEncoder }: NewHead,
  from: { readonly spec: PartSpec; readonly encoder?: FoundEncoder | undefined; readonly hasNewHead?: boolean },
): PartSpec | undefined {
  const { spec, encoder, hasNewHead = false } = from
  const isSame = spec.type === model.type
  if (encoder === undefined || (isSame && !hasNewHead)) return undefined
  const head = encoderOf(model) !== undefined ? model : headInPlaceOf(model, given, headOnEncoder)
  if (head === undefined) return undefined
  const { input: _, numLabels: __, ...ofHead }: Settings = isSame ? spec : { ...head, encoder: encoder.spec }
  return (isObject(given) ? mergeSettings(ofHead, given) : ofHead) as PartSpec
}

/** The task's head on any encoder, in place of a model that the user did not choose. */
function headInPlaceOf(model: PartSpec, given: unknown, headOnEncoder: string | undefined): PartSpec | undefined {
  const isChosen = typeof given === 'string' || (isObject(given) && given['type'] !== undefined)
  if (headOnEncoder === undefined || isChosen) return undefined
  const { dropout } = model
  return { type: headOnEncoder, ...(dropout !== undefined && { dropout }) }
}
