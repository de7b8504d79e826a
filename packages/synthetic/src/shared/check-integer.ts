import { HeddleError, show } from '@heddle/core'

/**
 * Checks an argument of a generator.
 *
 * @throws HeddleError `config` when `value` is not an integer of at least `least`
 */
export function checkInteger(generator: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new HeddleError(
    'config',
    `${generator}: expected ${name} that is an integer of at least ${least}, got ${show(value)}. Pass such an integer.`,
  )
}
