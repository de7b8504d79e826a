import { HeddleError, parseConfig, show } from '@heddle/core'
import * as z from 'zod'

const points = z.int().min(1).optional().describe('number of values in a grid (default: as many as the trials allow)')
const low = z.number().describe('smallest value')
const high = z.number().describe('largest value')

const parameter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('uniform'), low, high, points }),
  z.strictObject({ type: z.literal('log-uniform'), low, high, points }),
  z.strictObject({
    type: z.literal('integer'),
    low: z.int().describe('smallest value'),
    high: z.int().describe('largest value'),
    step: z.int().min(1).default(1).describe('distance between two values'),
    log: z.boolean().default(false).describe('whether the logarithm of the value is uniform'),
    points,
  }),
  z.strictObject({
    type: z.literal('choice'),
    values: z.array(z.json()).min(1).describe('the values to choose from, any JSON'),
  }),
])
const space = z.record(z.string(), parameter)

/** Range of a hyper-parameter, as in the space file. */
export type Parameter = z.output<typeof parameter>
export type NumericParameter = Exclude<Parameter, { type: 'choice' }>

/** The hyper-parameters of a search by the paths of their settings: `training.learningRate`. */
export type Space = Readonly<Record<string, Parameter>>

/** One value for each hyper-parameter of a space. */
export type ParameterValues = Readonly<Record<string, unknown>>

/**
 * Reads a space: `{ "training.learningRate": { "type": "log-uniform", "low": 1e-4, "high": 0.1 } }`.
 *
 * @param where the file, for messages
 * @throws HeddleError `config`, listing the mistakes
 */
export function parseSpace(where: string, value: unknown): Space {
  const parsed = parseConfig(where, space, value)
  const mistakes = Object.entries(parsed).flatMap(([name, given]) =>
    problemsOf(given).map((problem) => `'${name}': ${problem}.`),
  )
  if (Object.keys(parsed).length === 0) mistakes.push('expected at least one parameter, got none.')
  if (mistakes.length > 0) throw new HeddleError('config', `${where}: ${mistakes.join(' ')}`)
  return parsed
}

function problemsOf(given: Parameter): string[] {
  if (given.type === 'choice') {
    const texts = given.values.map((value) => JSON.stringify(value))
    const twice = texts.find((text, i) => texts.indexOf(text) !== i)
    return twice === undefined ? [] : [`expected values that differ, got ${show(twice)} twice`]
  }
  const problems: string[] = []
  if (given.low >= given.high) problems.push(`expected low below high, got ${given.low} and ${given.high}`)
  if (isLog(given) && given.low <= 0) problems.push(`expected low above 0 for a logarithm, got ${given.low}`)
  if (given.type !== 'integer') return problems
  if (given.log && given.step !== 1) problems.push(`expected step 1 beside log, got ${given.step}`)
  if ((given.high - given.low) % given.step !== 0) {
    const nearest = given.low + given.step * Math.floor((given.high - given.low) / given.step)
    problems.push(`expected high to be low and a multiple of step, such as ${nearest}, got ${given.high}`)
  }
  return problems
}

/** Whether the logarithm of the value is uniform, not the value itself. */
export const isLog = (given: NumericParameter): boolean =>
  given.type === 'log-uniform' || (given.type === 'integer' && given.log)
