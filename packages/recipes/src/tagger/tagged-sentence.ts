/** Words with the tag of each. */
export interface TaggedSentence {
  readonly words: readonly string[]
  readonly tags: readonly string[]
}
