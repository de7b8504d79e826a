/** Something that a pipeline can do, under the name of its kind. */
export interface Ability {
  readonly kind: string
  readonly value: unknown
}

/**
 * A kind of ability, such as continuing a text; a use of runs asks for the kind that it needs. Kinds are compared by name, so that
 * two copies of a package in one program still meet.
 *
 * @typeParam T the interface of the ability
 */
export class AbilityKind<T> {
  /** Name of the command that uses it. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  of(value: T): Ability {
    return { kind: this.name, value }
  }

  /** The ability among those of a pipeline, if it is there. */
  find(abilities: readonly Ability[]): T | undefined {
    return abilities.find(({ kind }) => kind === this.name)?.value as T | undefined
  }
}
