import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from './projects.ts'
import { forEachOf, run } from './run.ts'

/** Runs the examples of all documents as pasted. @returns what is wrong */
export async function runExamples(folder: string, projects: readonly Project[]): Promise<string[]> {
  const problems: string[] = []
  await forEachOf(projects, 2, async ({ document, folder: own, programs }) => {
    for (const { program } of programs.filter(({ isSuite }) => !isSuite)) {
      const file = join(own, `checked-${program.line}.mts`)
      if (!existsSync(file)) continue
      const node = [process.execPath, '--import', join(folder, 'prelude.mjs'), file]
      const { code, output } = await run(own, node)
      if (code !== 0) problems.push(`${document}, line ${program.line}:\n${output}`)
    }
    if (programs.some(({ isSuite }) => isSuite)) {
      const vitest = [own, folder].map((at) => join(at, 'node_modules/.bin/vitest')).find(existsSync)!
      const { code, output } = await run(own, [vitest, 'run', '--root', own])
      if (code !== 0) problems.push(`${document}, suites:\n${output}`)
    }
  })
  return problems
}

/** Names under which the folders have TypeScript 5.6, the oldest that is supported, and 7. */
export type TypeScriptVersion = 'typescript56' | 'typescript7'

/**
 * Type-checks the examples with the oldest and the newest TypeScript, declarations of all packages included.
 *
 * @returns the errors in the examples and in Heddle's declarations; other packages' own errors do not count
 */
export async function typeCheckExamples(folder: string, versions: readonly TypeScriptVersion[]): Promise<string[]> {
  const problems: string[] = []
  for (const moduleResolution of ['bundler', 'nodenext']) {
    const config = join(folder, `tsconfig.${moduleResolution}.json`)
    const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext'
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'],
      module,
      moduleResolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    }
    writeFileSync(config, JSON.stringify({ compilerOptions, include: ['*/line-*.ts'] }))
    for (const version of versions) {
      const { output } = await run(folder, [
        process.execPath,
        join(folder, `node_modules/${version}/bin/tsc`),
        '-p',
        config,
      ])
      const lines = output.split('\n').filter((line) => /error TS/.test(line))
      const ours = lines.filter((line) => !/node_modules/.test(line) || /@heddle/.test(line))
      if (ours.length > 0) problems.push(`${version}, ${moduleResolution}:\n${ours.join('\n')}`)
      if (/error TS18003|error TS5\d\d\d/.test(output)) problems.push(`${version}, ${moduleResolution}:\n${output}`)
    }
  }
  return problems
}
