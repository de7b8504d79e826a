import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendNames, useBackend } from './backends.ts'
import { judge } from './comparison.ts'
import { findCases } from './golden-case.ts'
import { handlers } from './handlers/index.ts'
import { type Outcome, reportText } from './report.ts'

const root = process.env['HEDDLE_PARITY_DIR'] || fileURLToPath(new URL('../fixtures', import.meta.url))
const cases = findCases(root)

it(`there are golden cases below ${root}`, () => {
  expect(cases.length).toBeGreaterThan(0)
})

for (const backend of backendNames()) {
  describe(`on backend '${backend}'`, () => {
    const outcomes: Outcome[] = []
    beforeAll(() => useBackend(backend))
    afterAll(() => {
      process.stdout.write(`\n${reportText(backend, outcomes)}`)
    })

    for (const golden of cases) {
      const { name } = golden
      it(name, async ({ skip }) => {
        const handler = handlers.find((candidate) => candidate.covers(name))
        if (handler === undefined) {
          outcomes.push({ name, status: 'no code yet' })
          return skip('no code yet')
        }
        // An error is a failed case like any other: the table must show all of them.
        const verdict = await handler.compare(golden).then(judge, (error: unknown) => ({
          passed: false,
          absolute: Number.NaN,
          relative: Number.NaN,
          failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
        }))
        outcomes.push({ name, status: verdict.passed ? 'passed' : 'failed', verdict })
        expect(verdict.failures).toEqual([])
      })
    }
  })
}
