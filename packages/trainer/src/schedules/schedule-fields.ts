import { HeddleError } from '@heddle/core'
import * as z from 'zod'

// Config fields that several schedules have.

export const learningRate = z
  .number()
  .min(0)
  .optional()
  .describe("first, or highest, learning rate (default: the run's)")

export const steps = z
  .int()
  .min(1)
  .optional()
  .describe('steps from the first rate to the last (default: to the end of the run)')

export const gamma = z.number().positive().describe('factor of the rate at each change')

export const minimum = z.number().min(0).default(0).describe('lowest rate')

/** @throws HeddleError `config` when `steps` is not above 0 */
export function requireSteps(where: string, steps: number): void {
  if (!(steps > 0)) throw new HeddleError('config', `${where}: expected a number of steps above 0, got ${steps}.`)
}
