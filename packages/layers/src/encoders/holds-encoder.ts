import type { PartSpec } from '@heddle/core'
import type { Module } from '../module.ts'
import type { EncoderInput } from './encoder-input.ts'

/** A model without its head, as an encoder that gives the same outputs with the same weights. */
export interface HeldEncoder {
  /** The encoder as data. Its weights have the paths of the model's, below the name under which it is built in. */
  readonly spec: PartSpec
  readonly input: EncoderInput
  /** Fields of the model that belong to the encoder, such as `embedding`. */
  readonly fields: readonly string[]
}

/**
 * Capability: a model that is an encoder with a head of its own, such as a language model, and says so. A head for another task can
 * then be put on its encoder.
 */
export interface HoldsEncoder extends Module {
  readonly asEncoder: HeldEncoder
}
