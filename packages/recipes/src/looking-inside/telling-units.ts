import { HeddleError } from '@heddle/core'
import type { HiddenStates } from './hidden-states.ts'
import { textProperties } from './text-properties.ts'

// T pieces of the text

/** A unit varies visibly from about this standard deviation on. */
const VISIBLE = 0.1
/** Places that a property is moved to, to see what is reached by chance. */
const SHIFTS = 19

/** A unit, and the property of the text that it follows best. */
export interface TellingUnit {
  readonly layer: number
  readonly unit: number
  readonly activations: Float32Array // [T], in [-1, 1]
  readonly standardDeviation: number
  /** Missing where the text has no property that varies. */
  readonly property?: string
  /** Pearson's r of activation and property; negative where the unit is low when the property is high. */
  readonly correlation: number
  /** The largest |r| that any unit of the run reaches with this property in the wrong places. */
  readonly chance: number
  /** |r| · s/(s + 0.1) with the standard deviation s: follows the property, and visibly so. */
  readonly score: number
}

export interface TellingUnitsOptions {
  /** How many; each for a property of its own. */
  readonly count?: number
  /** Of this layer only. */
  readonly layer?: number
  /** This unit only, of the last layer unless one is given. */
  readonly unit?: number
}

/**
 * The units that tell most about a text: those that follow one of its simple properties ({@link textProperties}).
 *
 * score = |r| · s/(s + 0.1), with r the correlation of activation and property and s the unit's standard deviation. A unit is
 * named once, and so is a property, the best pairs first. Among many units some follow anything by chance, above all in a short
 * text; `chance` is what the best of them reaches when the property is moved round the text by each of 19 distances, so that its
 * own rhythm stays: a correlation above it has a chance of 1 in 20 to be one. In a text that repeats itself exactly, the moved
 * property is right again, and nothing gets above it.
 *
 * @throws HeddleError `usage` for a layer or unit that the model does not have
 */
export function tellingUnits(states: HiddenStates, options: TellingUnitsOptions = {}): TellingUnit[] {
  const { count = 6 } = options
  const units = chosenUnits(states, options)
  const properties = textProperties(states.pieces).map((property) => ({
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
    return { ...pair, chance: property === undefined ? 0 : chanceLevel(property.standard, everywhere) }
  })
}

type Pair = Omit<TellingUnit, 'chance'>

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

function chosenUnits({ layers }: HiddenStates, { layer, unit }: TellingUnitsOptions) {
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

/** The largest |r| of any unit with the property, given standardized, moved round the text. */
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
