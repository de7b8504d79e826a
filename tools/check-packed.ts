/**
 * Checks the packages as users get them: packs all, lints the tarballs, installs them into a fresh folder with npm and with pnpm, runs
 * the examples of the documents there, type-checks them with TypeScript 5.6 and 7, and runs a program that esbuild bundles.
 *
 * Build first: `pnpm build`. `--keep` leaves the folder.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBundle } from './packed/bundle.ts'
import { runExamples, typeCheckExamples } from './packed/examples.ts'
import { lintAll } from './packed/lint.ts'
import { packAll } from './packed/pack.ts'
import { installProjects } from './packed/projects.ts'

const folder = mkdtempSync(join(tmpdir(), 'heddle-packed-'))
let failures = 0

async function check(name: string, problems: Promise<readonly string[]>): Promise<void> {
  const start = performance.now()
  const found = await problems
  console.log(
    `${found.length === 0 ? 'ok    ' : 'FAILED'}  ${name} (${((performance.now() - start) / 1000).toFixed(0)} s)`,
  )
  for (const problem of found) console.log(problem.replaceAll(/^/gm, '        '))
  failures += found.length
}

const packages = await packAll(folder)
console.log(`${packages.length} packages in ${folder}`)
await check('publint and attw', lintAll(packages))
for (const manager of ['npm', 'pnpm'] as const) {
  const own = join(folder, manager)
  mkdirSync(own)
  const projects = await installProjects(own, packages, manager)
  await check(`examples run, installed with ${manager}`, runExamples(own, projects))
  await check(
    `examples and declarations have the right types, installed with ${manager}`,
    typeCheckExamples(own, manager === 'npm' ? ['typescript56', 'typescript7'] : ['typescript7']),
  )
}
await check('a Node program in one ESM file runs', runBundle(join(folder, 'npm'), join(folder, 'bundle')))
if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true })
process.exitCode = failures === 0 ? 0 : 1
