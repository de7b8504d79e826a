import type { Model, Normalizer, PreTokenizer, UnitSplit } from './points.ts'

// A part may have a short way beside its usual one. A class that overrides the usual way alone inherits a short way that does something
// else, so a short way counts only where it is defined as near as the usual one.

/** Whether `mapUnit` does what `normalize` does. */
export const mapsUnits = (normalizer: Normalizer): boolean => isOwn(normalizer, 'normalize', 'mapUnit')

/** The unit split that does what `preTokenize` does, if there is one. */
export const unitSplitOf = (preTokenizer: PreTokenizer): UnitSplit | undefined =>
  isOwn(preTokenizer, 'preTokenize', 'unitSplit') ? preTokenizer.unitSplit : undefined

export type UnitModel = Model & Required<Pick<Model, 'tokenizeUnits'>>

/** The model, if its `tokenizeUnits` does what its `tokenize` does. */
export const unitModelOf = (model: Model): UnitModel | undefined =>
  isOwn(model, 'tokenize', 'tokenizeUnits') ? (model as UnitModel) : undefined

function isOwn(part: object, usual: string, short: string): boolean {
  for (let at: object | null = part; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, short)) return true
    if (Object.hasOwn(at, usual)) return false
  }
  return false
}
