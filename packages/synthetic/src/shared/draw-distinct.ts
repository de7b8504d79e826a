import { HeddleError } from '@heddle/core'
import { checkInteger } from './check-integer.ts'

/** Number of draws in a row without a new example after which the generator counts as exhausted. */
const MAX_MISSES = 1000

/**
 * Draws examples until `count` of them have different keys. Of several examples with one key, the first stays.
 *
 * @param draw draws an example; receives the number of examples found so far
 * @throws HeddleError `config` when the generator does not have that many different examples
 */
export function drawDistinct<Example>(
  generator: string,
  count: number,
  draw: (found: number) => Example,
  keyOf: (example: Example) => string,
): Example[] {
  checkInteger(generator, 'a count', count, 0)
  const examples = new Map<string, Example>()
  for (let misses = 0; examples.size < count; misses++) {
    if (misses > MAX_MISSES) {
      throw new HeddleError(
        'config',
        `${generator}: expected a count that the generator can reach (about ${examples.size}), got ${count}. Lower it.`,
      )
    }
    const example = draw(examples.size)
    const key = keyOf(example)
    if (examples.has(key)) continue
    examples.set(key, example)
    misses = 0
  }
  return [...examples.values()]
}
