import { HeddleError, show } from '@heddle/core'

interface SamplerState {
  readonly kind: string
  readonly epoch: number
  readonly position: number
}

/**
 * Checks that `state` belongs to a sampler of this kind with the same data and settings.
 *
 * @param settings values that the state must share
 * @param positions number of positions of an epoch
 */
export function checkState<S extends SamplerState>(
  where: string,
  kind: S['kind'],
  state: unknown,
  settings: Partial<S>,
  positions: number,
): S {
  const { kind: otherKind, epoch, position } = (state ?? {}) as Partial<S>
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
  if (otherKind !== kind || !isCount(epoch) || !isCount(position)) {
    throw new HeddleError(
      'format',
      `${where}: expected a state { kind: '${kind}', epoch, position, … }, got ${show(state)}. The state is damaged.`,
    )
  }
  for (const [key, value] of Object.entries(settings)) {
    const other = (state as Record<string, unknown>)[key]
    if (other !== value) {
      throw new HeddleError(
        'data',
        `${where}: expected a state with ${key} ${show(value)}, got ${show(other)}. Resume with the data and settings that the run began with.`,
      )
    }
  }
  if (position! >= positions) {
    throw new HeddleError(
      'format',
      `${where}: expected a position below ${positions}, got ${position}. The state is damaged.`,
    )
  }
  return state as S
}
