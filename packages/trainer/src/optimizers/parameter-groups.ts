import { HeddleError } from '@heddle/core'
import { namedParameters, type Parameter } from '@heddle/layers'
import * as z from 'zod'

/** Parameters that train differently from the others. */
export interface ParameterGroup {
  /** A path (`encoder` means everything below it too; the empty string means all), or a predicate over paths. */
  readonly match: string | ((path: string) => boolean)
  /** Factor of the schedule's learning rate (default 1). */
  readonly learningRateFactor?: number | undefined
  /** Weight decay of the group (default: the optimizer's). */
  readonly weightDecay?: number | undefined
}

export interface GroupOptions {
  /** The first group that matches a path applies. */
  readonly groups?: readonly ParameterGroup[]
  /**
   * Parameters that weight decay applies to: 'matrices' (default) leaves out biases and the scales of norms, as
   * `Parameter.decay` says; 'all' is PyTorch's default.
   */
  readonly decays?: 'matrices' | 'all' | ((path: string, parameter: Parameter) => boolean)
}

/** Config fields of {@link GroupOptions}; predicates cannot be written in a config. */
export const groupConfig = {
  groups: z
    .array(
      z.strictObject({
        match: z.string().describe('a path; everything below it belongs to the group'),
        learningRateFactor: z.number().min(0).optional().describe('multiplies the learning rate'),
        weightDecay: z.number().min(0).optional().describe("weight decay of the group (default: the optimizer's)"),
      }),
    )
    .default([])
    .describe('parameters that train differently; the first match applies'),
  decays: z
    .enum(['matrices', 'all'])
    .default('matrices')
    .describe('parameters that weight decay applies to: matrices leaves out biases and the scales of norms'),
}

/** Weight decay as a part of the gradient, for optimizers without decoupled weight decay. */
export const coupledDecay = {
  weightDecay: z.number().min(0).default(0).describe('times the weight, added to the gradient'),
}

/** Separates an optimizer's own options from those of the groups. */
export function pickGroups<T extends GroupOptions>({
  groups,
  decays,
  ...own
}: T): { own: Omit<T, keyof GroupOptions>; groups: GroupOptions } {
  return { own, groups: { ...(groups && { groups }), ...(decays && { decays }) } }
}

/** A module, any tree of modules, or a list of parameters by path. */
export type ParameterSource = object | readonly (readonly [string, Parameter])[]

export interface GroupedParameter {
  readonly path: string
  readonly parameter: Parameter
  readonly learningRateFactor: number
  readonly weightDecay: number
}

/**
 * Returns every parameter with the settings of its group.
 *
 * @throws HeddleError `config` when a group matches nothing: a misspelled path would otherwise train at the full rate
 */
export function groupParameters(
  source: ParameterSource,
  weightDecay: number,
  options: GroupOptions,
): GroupedParameter[] {
  const { groups = [], decays = 'matrices' } = options
  const named: readonly (readonly [string, Parameter])[] = isList(source) ? source : namedParameters(source)
  const matchers = groups.map(({ match }) =>
    typeof match === 'string'
      ? (path: string) => match === '' || path === match || path.startsWith(`${match}.`)
      : match,
  )
  groups.forEach(({ match }, i) => {
    if (named.some(([path]) => matchers[i]!(path))) return
    throw new HeddleError(
      'config',
      `Optimizer: expected group ${typeof match === 'string' ? `'${match}'` : i} to match a parameter, got none. ` +
        `The paths start with ${[...new Set(named.map(([path]) => `'${path.split('.')[0]}'`))].slice(0, 12).join(', ')}.`,
    )
  })
  return named.map(([path, parameter]) => {
    const group = groups[matchers.findIndex((matches) => matches(path))]
    const decayed = typeof decays === 'function' ? decays(path, parameter) : decays === 'all' || parameter.decay
    return {
      path,
      parameter,
      learningRateFactor: group?.learningRateFactor ?? 1,
      weightDecay: decayed ? (group?.weightDecay ?? weightDecay) : 0,
    }
  })
}

function isList(source: ParameterSource): source is readonly (readonly [string, Parameter])[] {
  return Array.isArray(source) && source.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
}
