import type { RandomStream } from '@heddle/core'

export type EntityKind = 'PER' | 'LOC' | 'ORG' | 'DATE'

/** Sentences of a language as patterns: words, and kinds of names, which a particle may follow (`PER+topic`). */
export interface Language {
  readonly patterns: readonly (readonly string[])[]
  /** Draws the words of a name. */
  fill(kind: EntityKind, rng: RandomStream, particle?: string): readonly string[]
}
