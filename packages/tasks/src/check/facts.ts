import { AbilityKind } from '../uses/ability.ts'

/** An example as a check of the data sees it. */
export interface ExampleFacts {
  /** Identity of the input: examples with the same one ask the same question. */
  readonly input: string
  /** The right answer: a text to write, a label, or a label for each step; undefined where there is none to give. */
  readonly answer?: string | readonly string[]
  /** Whether the answer is made of labels, of which there are few different ones. */
  readonly isLabeled?: boolean
  /** Texts that somebody wrote: those of the input and of the answer. */
  readonly texts?: readonly string[]
  /** Steps of the input, each of which needs a label. */
  readonly numSteps?: number
}

/** Sizes of an example in the tokens of a pipeline. */
export interface ExampleSize {
  readonly tokens: number
  /** Tokens that training did not meet, and of which the model therefore knows nothing. */
  readonly unknown: number
}

/** Properties of a pipeline against which data are checked. */
export interface DataMeasures<E> {
  /** Nats by which a model is wrong that takes all labels, or all tokens, to be equally likely. */
  readonly evenLoss?: number
  /** Tokens of an example that are read; the rest is cut off. */
  readonly limit?: number
  /** Whether examples are read as one stream, so that their lengths do not matter. */
  readonly isStream?: boolean
  /** Counts the tokens before anything is cut off. */
  measure?(example: E): ExampleSize | Promise<ExampleSize>
}

// biome-ignore lint/suspicious/noExplicitAny: a pipeline measures its own kind of examples
export const dataMeasuring: AbilityKind<DataMeasures<any>> = new AbilityKind('check-data')

/** Identity of an input that is not a text: a hash of 64 bits of its bytes, and their number. */
export function contentHash(data: Uint8Array | Float32Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  let [a, b] = [0x811c9dc5, 0x9747b28c]
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul((b << 13) | (b >>> 19), 5) + (byte ^ (b >>> 16))
  }
  return `${(a >>> 0).toString(36)}-${(b >>> 0).toString(36)}-${bytes.length}`
}
