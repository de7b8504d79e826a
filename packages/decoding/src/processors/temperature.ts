import { HeddleError } from '@heddle/core'
import type { LogitsProcessor } from '../logits-processor.ts'

/** Divides logits by a temperature: below 1 sharpens the distribution, above 1 flattens it. */
export function temperature(value: number): LogitsProcessor {
  if (!(value > 0)) throw new HeddleError('config', `temperature: expected a number above 0, got ${value}.`)
  return (logits) => {
    for (let i = 0; i < logits.length; i++) logits[i]! /= value
  }
}
