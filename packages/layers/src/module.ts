/**
 * Part of a model. Its public fields that are parameters, modules, random streams, or arrays and plain objects of these form a tree;
 * their names are the keys of a state dict. `#private` fields are not part of it.
 *
 * Constructors allocate and check sizes; `forward` computes. A module never tidies, disposes or reads back: the caller owns the
 * memory scope.
 */
export abstract class Module {
  /** Whether dropout is active. {@link setTraining} sets it for a whole tree. */
  training = true

  // biome-ignore lint/suspicious/noExplicitAny: each module states its own inputs
  abstract forward(...inputs: any[]): unknown
}
