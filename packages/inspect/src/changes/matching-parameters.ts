import { type Module, namedParameters, type Parameter } from '@heddle/layers'

/** Names that the ends of two paths share at least, where their beginnings differ. */
const LEAST_SHARED = 2

/** Parameters of two models that belong together. */
interface ParameterMatch {
  /** Path in the first model. */
  readonly path: string
  readonly first: Parameter
  readonly second: Parameter
}

export interface MatchedParameters {
  readonly matches: readonly ParameterMatch[]
  /** Paths in one of the models only, or with another shape there. */
  readonly onlyFirst: readonly string[]
  readonly onlySecond: readonly string[]
}

/**
 * Pairs the parameters of two models by path and shape, or where a part stands elsewhere in the other model, such as an encoder
 * below another head, by the longest end of their paths that is the same and that only one parameter has.
 */
export function matchingParameters(first: Module, second: Module): MatchedParameters {
  const left = new Map(namedParameters(second))
  const matches: ParameterMatch[] = []
  const unmatched: [string, Parameter][] = []
  for (const [path, parameter] of namedParameters(first)) {
    const other = left.get(path)
    if (other === undefined || `${other.shape}` !== `${parameter.shape}`) unmatched.push([path, parameter])
    else {
      matches.push({ path, first: parameter, second: other })
      left.delete(path)
    }
  }
  const onlyFirst: string[] = []
  for (const [path, parameter] of unmatched) {
    const found = byEnd(path, parameter, left)
    if (found === undefined) onlyFirst.push(path)
    else {
      matches.push({ path, first: parameter, second: left.get(found)! })
      left.delete(found)
    }
  }
  return { matches, onlyFirst, onlySecond: [...left.keys()] }
}

function byEnd(path: string, { shape }: Parameter, others: ReadonlyMap<string, Parameter>): string | undefined {
  const names = path.split('.')
  for (let from = 0; names.length - from >= LEAST_SHARED; from++) {
    const end = names.slice(from).join('.')
    const found = [...others].filter(
      ([other, parameter]) => (other === end || other.endsWith(`.${end}`)) && `${parameter.shape}` === `${shape}`,
    )
    if (found.length === 1) return found[0]![0]
    if (found.length > 1) return undefined
  }
  return undefined
}
