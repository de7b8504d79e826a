import { expect, it } from 'vitest'
import type { Finished } from './heddle.ts'

/** Arguments of a command line, and what its message says. */
export type Mistake = readonly [args: string[], message: RegExp]

/**
 * Tests that each command line ends with one line that says what to do, and code 2.
 *
 * @param results how each ended, in order; called when the tests run
 */
export function itExplains(command: string, mistakes: readonly Mistake[], results: () => readonly Finished[]): void {
  it.each(mistakes.map(([args, message], i) => [args, message, i] as const))(
    `${command} %j ends with one line that says what to do, and code 2`,
    (_, message, i) => {
      const { code, stderr, stdout } = results()[i]!
      expect(stderr).toMatch(message)
      expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1)
      expect(stderr + stdout).not.toMatch(/\n\s+at /)
      expect(code).toBe(2)
    },
  )
}
