import { ExtensionPoint } from '@heddle/core'
import type { Direction, Report, Trial } from '../study/trial.ts'

export interface PruneContext {
  /** Reports of the trial so far, the newest one last. */
  readonly reports: readonly Report[]
  /** The trials that had ended and counted as known when the trial was started. */
  readonly history: readonly Trial[]
  readonly direction: Direction
}

/** Stops trials early that are not worth their remaining steps. The same context gives the same answer. */
export interface Pruner {
  /** Whether answers depend on other trials. */
  readonly usesResults: boolean
  /** Whether the trial ends with its newest report. */
  shouldPrune(context: PruneContext): boolean
}

/** Extension point for pruners: `--pruner`. */
export const prunerPoint = new ExtensionPoint<Pruner>('pruner')
