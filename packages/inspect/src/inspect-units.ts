import type { Abortable, Exhibit, Task, TextToken } from '@heddle/tasks'
import { hiddenStates, type ObservedState } from './hidden-states.ts'
import { type SelectiveUnit, type SelectiveUnitsOptions, selectiveUnits } from './selective-units.ts'

/** A text with the activations of units that follow one of its properties. */
export interface SelectiveUnitsExhibit extends Exhibit {
  readonly kind: 'selective-units'
  readonly state: ObservedState
  readonly tokens: readonly TextToken[] // T
  /** Number of units in the whole model, and of its layers. */
  readonly numUnits: number
  readonly numLayers: number
  readonly units: readonly SelectiveUnit[]
}

export interface InspectUnitsOptions extends SelectiveUnitsOptions {
  /** Default 'hidden'. */
  readonly state?: ObservedState
}

/** Reads a text with a trained task and finds the units that follow its properties. See {@link selectiveUnits}. */
export async function inspectUnits(
  task: Task,
  text: string,
  { state = 'hidden', signal, ...options }: InspectUnitsOptions & Abortable = {},
): Promise<SelectiveUnitsExhibit> {
  const states = await hiddenStates(task, text, state, { signal })
  signal?.throwIfAborted()
  return {
    kind: 'selective-units',
    title: 'Selective units',
    state,
    tokens: states.tokens,
    numUnits: states.layers.reduce((sum, { units }) => sum + units.length, 0),
    numLayers: states.layers.length,
    units: selectiveUnits(states, options),
  }
}
