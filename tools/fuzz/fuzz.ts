import { isHeddleError } from '@heddle/core'
import fc from 'fast-check'

/** A reader with the inputs that it is tried on. */
export interface FuzzTarget<T = unknown> {
  readonly name: string
  /** Mostly files that are nearly right: what is plainly no file ends at the first check of a reader. */
  readonly inputs: fc.Arbitrary<T>
  /** Throws when the reader does another thing than it must. */
  check(input: T): void | Promise<void>
}

export interface FuzzOptions {
  readonly seconds: number
  readonly seed: number
}

/**
 * Tries a reader on inputs until the time is over.
 *
 * @returns the number of inputs
 * @throws Error with the smallest input that fails, and the seed and path to see it again
 */
export async function fuzz<T>({ inputs, check }: FuzzTarget<T>, { seconds, seed }: FuzzOptions): Promise<number> {
  let count = 0
  const property = fc.asyncProperty(inputs, async (input) => {
    count++
    await timed(() => check(input))
  })
  await fc.assert(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: 1000 * seconds,
    markInterruptAsFailure: false,
  })
  return count
}

/** Longest time for one input. All are small, so a reader that takes longer takes more than linear time. */
const MOST_MS = 3000

async function timed(action: () => void | Promise<void>): Promise<void> {
  // A second try tells a slow reader from a machine that was busy with something else.
  for (let attempt = 0; ; attempt++) {
    const start = performance.now()
    await action()
    const time = performance.now() - start
    if (time < MOST_MS) return
    if (attempt === 1) throw new Error(`expected at most ${MOST_MS} ms for an input, got ${Math.round(time)} ms`)
  }
}

/** Codes of errors about the content of a file, or about its use. */
const CONTENT_CODES = ['format', 'data', 'config', 'usage', 'unknown-name']
const MESSAGE = /^.+: .*(expected .+, got|no .+ is named|unknown key) .+/s
const MOST_MESSAGE = 5000

/**
 * Returns what the reader gives, or undefined when it refuses the input.
 *
 * @param message form of the messages that are clear
 * @throws Error when it throws another thing than a HeddleError that says where, what was expected and what was there
 */
export async function readOrRefused<T>(read: () => T | Promise<T>, message: RegExp = MESSAGE): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!isHeddleError(error) || !CONTENT_CODES.includes(error.code)) throw error
    if (!message.test(error.message) || error.message.length > MOST_MESSAGE) {
      throw new Error(
        `expected a message 'Where: expected …, got …' of at most ${MOST_MESSAGE} characters, got ${error.message.slice(0, 300)}`,
        {
          cause: error,
        },
      )
    }
    return undefined
  }
}
