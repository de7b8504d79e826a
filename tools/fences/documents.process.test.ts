import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkedSource, matchesOutput } from './checked-source.ts'
import { importsOf, installedIn } from './installs.ts'
import { type FenceProgram, readPrograms } from './read-fences.ts'

const root = join(import.meta.dirname, '../..')
// Within tools, so that imports find the packages of the workspace.
const folder = join(import.meta.dirname, '../.fences')

const fileOf = ({ document, line }: FenceProgram) => `${document.replaceAll(/[^\w]+/g, '-')}-${line}.ts`
const programs = readPrograms(root)
const runs = programs.filter(({ notRun }) => notRun === undefined)
/** A fence that calls contract suites: its tests join this file's. */
const isSuite = ({ code }: FenceProgram) => /from '@heddle\/testing[/']/.test(code) && /^\w+Contract\(/m.test(code)

rmSync(folder, { recursive: true, force: true })
for (const kind of ['typed', 'checked']) mkdirSync(join(folder, kind), { recursive: true })
for (const program of programs) writeFileSync(join(folder, 'typed', fileOf(program)), `${program.code}\nexport {}\n`)
for (const program of runs) writeFileSync(join(folder, 'checked', fileOf(program)), checkedSource(program.code))
writeFileSync(
  join(folder, 'typed/tsconfig.json'),
  JSON.stringify({
    extends: '../../../tsconfig.base.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ['*.ts'],
  }),
)

const failures: string[] = []
Object.assign(globalThis, {
  __example: {
    logs(line: number, expected: string, ...values: unknown[]) {
      const actual = format(...values)
      if (!matchesOutput(actual, expected)) failures.push(`line ${line}: expected "${expected}", got "${actual}"`)
    },
    async throws(line: number, expected: string, statement: () => unknown) {
      const message = await Promise.resolve()
        .then(statement)
        .then(
          () => undefined,
          (error: Error) => error.message,
        )
      if (!message?.includes(expected)) failures.push(`line ${line}: expected an error "${expected}", got ${message}`)
    },
  },
})

describe('code in the documents', () => {
  const start = process.cwd()
  const scratch = mkdtempSync(join(tmpdir(), 'heddle-fences-'))
  beforeAll(() => {
    process.chdir(scratch)
    vi.spyOn(console, 'log').mockImplementation(() => {})
  })
  afterAll(() => {
    vi.restoreAllMocks()
    process.chdir(start)
    rmSync(scratch, { recursive: true })
  })

  it('there is some', () => {
    expect(runs.length).toBeGreaterThan(15)
  })

  it('passes the type checker', () => {
    const tsc = join(root, 'node_modules/.bin/tsc')
    const { stdout } = spawnSync(tsc, ['-p', join(folder, 'typed')], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  for (const document of new Set(programs.map((program) => program.document))) {
    it(`is preceded by the installation of all that it imports: ${document}`, () => {
      const installed = installedIn(readFileSync(join(root, document), 'utf8'))
      const imported = programs
        .filter((program) => program.document === document)
        .flatMap(({ code }) => importsOf(code))
      expect(imported.filter((name) => !installed.has(name))).toEqual([])
    })
  }

  for (const program of runs.filter((program) => !isSuite(program))) {
    it(`runs, and prints what its comments say: ${program.document}, line ${program.line}`, async () => {
      failures.length = 0
      await import(join(folder, 'checked', fileOf(program)))
      expect(failures).toEqual([])
    })
  }
})

for (const program of runs.filter(isSuite)) {
  describe(`${program.document}, line ${program.line}`, async () => {
    await import(join(folder, 'checked', fileOf(program)))
  })
}
