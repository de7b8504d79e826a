import type { Comparison } from './comparison.ts'
import type { GoldenCase } from './golden-case.ts'

/** Computes what the cases of one family hold. */
export interface Handler {
  /** Whether there is code for the case of this name. */
  covers(name: string): boolean
  compare(golden: GoldenCase): Promise<Comparison[]>
}
