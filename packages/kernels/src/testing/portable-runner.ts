import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'

/**
 * The part of vitest that our tests use, for places where vitest does not run: older versions of Node, and browser pages.
 * scripts/portable-tests.ts puts it in vitest's place.
 */

type Body = (...args: never[]) => unknown

interface Test {
  readonly name: string
  readonly body: () => unknown
  readonly before: readonly (() => unknown)[]
}

export interface Failure {
  readonly name: string
  readonly message: string
}

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

// JestAsymmetricMatchers puts them on chai's own function.
const { any, anything, arrayContaining, objectContaining, stringContaining, stringMatching } =
  chai.expect as unknown as Record<string, unknown>
const asymmetric = { any, anything, arrayContaining, objectContaining, stringContaining, stringMatching }

export const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), {
  ...asymmetric,
  fail: (message: string) => {
    throw new chai.AssertionError(message)
  },
})
Object.assign(expect, (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT])
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true })
setState({ ...getState(expect as never), assertionCalls: 0, isExpectingAssertions: false }, expect as never)
;(expect as unknown as { extend(matchers: object): void }).extend?.(customMatchers)

const tests: Test[] = []
let path: string[] = []
let before: (() => unknown)[] = []

function each<T>(define: (name: string, body: () => unknown) => void) {
  return (rows: readonly T[]) => (name: string, body: Body) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row]
      define(format(name, values), () => (body as (...args: unknown[]) => unknown)(...values))
    }
  }
}

/** %s, %i and %j in their order; $name for a property of the first value. */
function format(name: string, values: readonly unknown[]): string {
  let next = 0
  return name
    .replace(/%[sij]/g, (kind) => (kind === '%j' ? JSON.stringify(values[next++]) : String(values[next++])))
    .replace(/\$(\w+)/g, (_, key: string) => JSON.stringify((values[0] as Record<string, unknown> | undefined)?.[key]))
}

export const describe = Object.assign(describeOne, { each: each(describeOne) })

function describeOne(name: string, body: () => unknown): void {
  const outer = { path, before }
  path = [...path, name]
  before = [...before]
  body()
  ;({ path, before } = outer)
}

export const it = Object.assign(itOne, { each: each(itOne) })

function itOne(name: string, body: () => unknown): void {
  tests.push({ name: [...path, name].join(' > '), body, before })
}

/** Runs `body` once before the tests of this `describe`, or of the file. */
export function beforeAll(body: () => unknown): void {
  let result: { value: unknown } | undefined
  before.push(() => {
    result ??= { value: body() }
    return result.value
  })
}

/** Runs every test that has been defined, one after the other. */
export async function runTests(): Promise<{ passed: number; failures: Failure[] }> {
  const failures: Failure[] = []
  for (const test of tests) {
    try {
      for (const prepare of test.before) await prepare()
      await test.body()
    } catch (error) {
      failures.push({ name: test.name, message: String((error as Error)?.stack ?? error).slice(0, 500) })
    }
  }
  return { passed: tests.length - failures.length, failures }
}
