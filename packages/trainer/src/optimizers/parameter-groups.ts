import { HeddleError } from '@heddle/core'
import { layerDepths, namedParameters, type Parameter, pathMatcher } from '@heddle/layers'
import * as z from 'zod'

/** Parameters that train differently from the others. */
export interface ParameterGroup {
  /**
   * A path (`encoder` means everything below it too; `*` stands for one name, `**` for any number; the empty string means all), or a
   * predicate over paths.
   */
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
  /**
   * Factor of the learning rate from each layer to the one below it (default 1: all learn alike). A head learns at the full rate, the
   * top layer at `layerDecay` times it, and so on down to the token vectors.
   *
   * @see Clark et al. 2020, "ELECTRA", appendix B
   */
  readonly layerDecay?: number
}

/** Config fields of {@link GroupOptions}; predicates cannot be written in a config. */
export const groupConfig = {
  groups: z
    .array(
      z.strictObject({
        match: z.string().describe('a path, with * for any name; everything below it belongs to the group'),
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
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('factor of the learning rate from each layer to the one below it, for fine-tuning'),
}

/** Weight decay as a part of the gradient, for optimizers without decoupled weight decay. */
export const coupledDecay = {
  weightDecay: z.number().min(0).default(0).describe('times the weight, added to the gradient'),
}

/** Separates an optimizer's own options from those of the groups. */
export function pickGroups<T extends GroupOptions>({
  groups,
  decays,
  layerDecay,
  ...own
}: T): { own: Omit<T, keyof GroupOptions>; groups: GroupOptions } {
  return {
    own,
    groups: { ...(groups && { groups }), ...(decays && { decays }), ...(layerDecay !== undefined && { layerDecay }) },
  }
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
  const { groups = [], decays = 'matrices', layerDecay = 1 } = options
  const named: readonly (readonly [string, Parameter])[] = isList(source) ? source : namedParameters(source)
  const matchers = groups.map(({ match }) => (typeof match === 'string' ? pathMatcher(match, 'start') : match))
  groups.forEach(({ match }, i) => {
    if (named.some(([path]) => matchers[i]!(path))) return
    throw new HeddleError(
      'config',
      `Optimizer: expected group ${typeof match === 'string' ? `'${match}'` : i} to match a parameter, got none. ` +
        `The paths start with ${[...new Set(named.map(([path]) => `'${path.split('.')[0]}'`))].slice(0, 12).join(', ')}.`,
    )
  })
  const depths = layerDecay === 1 ? undefined : layerDepths(named.map(([path]) => path))
  return named.map(([path, parameter], i) => {
    const group = groups[matchers.findIndex((matches) => matches(path))]
    const decayed = typeof decays === 'function' ? decays(path, parameter) : decays === 'all' || parameter.decay
    return {
      path,
      parameter,
      learningRateFactor: (group?.learningRateFactor ?? 1) * (depths === undefined ? 1 : layerDecay ** depths[i]!),
      weightDecay: decayed ? (group?.weightDecay ?? weightDecay) : 0,
    }
  })
}

function isList(source: ParameterSource): source is readonly (readonly [string, Parameter])[] {
  return Array.isArray(source) && source.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
}
