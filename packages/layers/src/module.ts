/**
 * A part of a model: its public fields that are parameters, modules, random streams, or arrays and plain objects of these make
 * the tree from which state-dict keys are read; `#private` fields are not part of it.
 *
 * Constructors allocate and check sizes; `forward` computes. A module never tidies, disposes or reads back: whoever calls it
 * owns the memory scope.
 */
export abstract class Module {
  /** True while training: dropout is active. Set for a whole tree with {@link setTraining}. */
  training = true

  // biome-ignore lint/suspicious/noExplicitAny: each module states its own inputs
  abstract forward(...inputs: any[]): unknown
}
