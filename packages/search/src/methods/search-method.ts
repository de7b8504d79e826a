import { ExtensionPoint, type PartSpec, type RandomStream } from '@heddle/core'
import type { ParameterValues, Space } from '../space/space.ts'
import type { Direction, Trial } from '../study/trial.ts'

/** A study as its method is created. */
export interface MethodContext {
  readonly space: Space
  readonly direction: Direction
  /** Number of trials that the study was started with. */
  readonly trials: number
  readonly seed: number
}

/** The information that a suggestion may depend on, and nothing else. */
export interface SuggestContext {
  /** Number of the trial, from 0. */
  readonly number: number
  /** The trials that have ended and count as known, in order; empty for a method that does not use results. */
  readonly history: readonly Trial[]
  /** The trial's own stream. */
  readonly rng: RandomStream
}

/** Chooses the values of each trial. The same context gives the same values. */
export interface SearchMethod {
  /** Whether suggestions depend on results of earlier trials. */
  readonly usesResults: boolean
  /** Number of trials after which there is nothing left to try (default: none). */
  readonly size?: number
  /** Pruner that belongs to the method; another one may be asked for. */
  readonly pruner?: PartSpec
  suggest(context: SuggestContext): ParameterValues
}

/** Extension point for search methods: `--method`. */
export const searchMethodPoint = new ExtensionPoint<SearchMethod, MethodContext>('search-method')
