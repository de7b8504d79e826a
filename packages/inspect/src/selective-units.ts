import { HeddleError } from '@heddle/core'
import type { HiddenStates } from './hidden-states.ts'
import { textProperties } from './text-properties.ts'

// T tokens of the text

/** Standard deviation from which a unit varies visibly. */
const VISIBLE = 0.1
/** Number of places that a property is moved to, to find the correlations of chance. */
const SHIFTS = 19

/** A unit with the property of the text that it follows best. */
export interface SelectiveUnit {
  readonly layer: number
  readonly unit: number
  readonly activations: readonly number[] // [T], in [-1, 1]
  readonly standardDeviation: number
  /** Missing where the text has no property that varies. */
  readonly property?: string
  /** Pearson's r of activation and property; negative where the unit is low when the property is high. */
  readonly correlation: number
  /** Largest |r| of any unit of the model with this property in the wrong places. */
  readonly chance: number
  /** |r| · s/(s + 0.1), with s the standard deviation: high for a unit that follows the property visibly. */
  readonly score: number
}

export interface SelectiveUnitsOptions {
  /** Number of units, each for a property of its own (default 6). */
  readonly count?: number
  /** Only units of this layer. */
  readonly layer?: number
  /** Only this unit, of the last layer unless `layer` is given. */
  readonly unit?: number
}

/**
 * Units that follow a simple property of a text (see {@link textProperties}), the clearest first.
 *
 * score = |r| · s/(s + 0.1), with r the correlation of activation and property and s the unit's standard deviation. Each unit and
 * each property appears once, in the pair of highest score.
 *
 * Among many units some follow anything by chance, above all in a short text. `chance` is the best correlation of any unit when
 * the property is moved around the text by each of 19 distances, so that it keeps its rhythm. A correlation above it happens by
 * chance once in 20. In a text that repeats itself exactly, the moved property is right again, and no unit gets above it.
 *
 * @throws HeddleError `usage` for a layer or unit that the model does not have
 */
export function selectiveUnits(states: HiddenStates, options: SelectiveUnitsOptions = {}): SelectiveUnit[] {
  const { count = 6 } = options
  const units = chosenUnits(states, options)
  const properties = textProperties(states.tokens).map((property) => ({
    ...property,
    standard: standardized(property.values),
  }))
  const pairs = units.flatMap((unit): Pair[] => {
    const s = standardDeviation(unit.activations)
    const standard = standardized(unit.activations)
    if (properties.length === 0) return [{ ...unit, standardDeviation: s, correlation: 0, score: 0 }]
    return properties.map(({ name, standard: values }) => {
      const correlation = dot(standard, values)
      const score = (Math.abs(correlation) * s) / (s + VISIBLE)
      return { ...unit, standardDeviation: s, property: name, correlation, score }
    })
  })
  const everywhere = states.layers.flatMap((layer) => layer.units.map(standardized))
  return best(pairs, count).map((pair) => {
    const property = properties.find(({ name }) => name === pair.property)
    const chance = property === undefined ? 0 : chanceLevel(property.standard, everywhere)
    return { ...pair, activations: [...pair.activations], chance }
  })
}

type Pair = Omit<SelectiveUnit, 'chance' | 'activations'> & { readonly activations: Float32Array }

/** The pairs of highest score, no unit and no property twice; without properties, the units that vary most. */
function best(pairs: readonly Pair[], count: number): Pair[] {
  const chosen: Pair[] = []
  const byScore = [...pairs].sort((a, b) => b.score - a.score || b.standardDeviation - a.standardDeviation)
  for (const pair of byScore) {
    if (chosen.length === count) break
    const taken = chosen.some(
      (other) =>
        (other.layer === pair.layer && other.unit === pair.unit) ||
        (pair.property !== undefined && other.property === pair.property),
    )
    if (!taken) chosen.push(pair)
  }
  return chosen
}

function chosenUnits({ layers }: HiddenStates, { layer, unit }: SelectiveUnitsOptions) {
  const wanted = layer ?? (unit === undefined ? undefined : layers.at(-1)!.layer)
  const of = wanted === undefined ? layers : layers.filter((each) => each.layer === wanted)
  if (of.length === 0) {
    const known = layers.map((each) => each.layer).join(', ')
    throw new HeddleError('usage', `units: expected one of the layers ${known}, got ${layer}. Choose another.`)
  }
  const units = of.flatMap((each) =>
    each.units.map((activations, index) => ({ layer: each.layer, unit: index, activations })),
  )
  if (unit === undefined) return units
  const one = units.filter((each) => each.unit === unit)
  if (one.length === 0) {
    throw new HeddleError(
      'usage',
      `units: expected a unit from 0 to ${units.length - 1} of layer ${wanted}, got ${unit}. Choose another.`,
    )
  }
  return one
}

/** Largest |r| of any unit with the standardized property, moved around the text. */
function chanceLevel(property: Float32Array, units: readonly Float32Array[]): number {
  const T = property.length
  let most = 0
  for (let k = 1; k <= SHIFTS; k++) {
    const distance = Math.round((k * T) / (SHIFTS + 1))
    if (distance === 0 || distance === T) continue
    const moved = property.map((_, t) => property[(t + distance) % T]!)
    for (const unit of units) most = Math.max(most, Math.abs(dot(unit, moved)))
  }
  return most
}

/** Mean 0 and norm 1, so that the correlation is a dot product; zeros where nothing varies. */
function standardized(values: Float32Array): Float32Array {
  const mean = meanOf(values)
  const norm = standardDeviation(values) * Math.sqrt(values.length)
  return norm < 1e-6 ? new Float32Array(values.length) : values.map((value) => (value - mean) / norm)
}

function standardDeviation(values: Float32Array): number {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
