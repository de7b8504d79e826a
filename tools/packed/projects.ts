import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkedSource } from '../fences/checked-source.ts'
import { installedIn } from '../fences/installs.ts'
import { type FenceProgram, readPrograms } from '../fences/read-fences.ts'
import type { Packed } from './pack.ts'
import { pnpm, root, runOrThrow } from './run.ts'

/** The examples of one document, in a folder that has what the document installs. */
export interface Project {
  readonly document: string
  readonly folder: string
  readonly programs: readonly { readonly file: string; readonly program: FenceProgram; readonly isSuite: boolean }[]
}

/** Prelude of an example that is run: compares what it prints with its comments, and ends with 1 if they differ. */
const PRELUDE = `
import { format } from 'node:util'
import { matchesOutput } from ${JSON.stringify(join(root, 'tools/fences/checked-source.ts'))}
const fail = (text) => { console.error(text); process.exitCode = 1 }
globalThis.__example = {
  logs(line, expected, ...values) {
    const actual = format(...values)
    if (!matchesOutput(actual, expected)) fail(\`line \${line}: expected "\${expected}", got "\${actual}"\`)
  },
  async throws(line, expected, statement) {
    const error = await Promise.resolve().then(statement).then(() => undefined, (error) => error)
    if (!error?.message?.includes(expected)) fail(\`line \${line}: expected an error "\${expected}", got \${error}\`)
  },
}
`

/** Writes a folder for each document, below one folder, and installs with npm (all in one) or with pnpm (each by itself). */
export async function installProjects(folder: string, packages: readonly Packed[], manager: 'npm' | 'pnpm') {
  const overrides = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const versions = catalogVersions()
  const projects = writeProjects(folder)
  const dependenciesOf = ({ document }: Project) =>
    Object.fromEntries(
      [...installedIn(readFileSync(join(root, document), 'utf8'))].map((name) => [
        name,
        overrides[name] ?? versions[name] ?? '*',
      ]),
    )
  const shared = {
    '@types/node': versions['@types/node'],
    typescript56: 'npm:typescript@5.6',
    typescript7: 'npm:typescript@7.0.2',
  }
  const manifest = { name: 'examples', private: true, type: 'module' }
  if (manager === 'npm') {
    const dependencies = Object.assign({}, ...projects.map(dependenciesOf), shared)
    // npm applies overrides to what others depend on; what it names itself must be the same.
    writeJson(join(folder, 'package.json'), { ...manifest, dependencies, overrides })
    await runOrThrow(folder, ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline'])
  } else {
    writeJson(join(folder, 'package.json'), { ...manifest, dependencies: shared, pnpm: { overrides } })
    writeFileSync(join(folder, 'pnpm-workspace.yaml'), "packages: ['*']\n")
    for (const project of projects) {
      const name = project.folder.split('/').at(-1)
      writeJson(join(project.folder, 'package.json'), { ...manifest, name, dependencies: dependenciesOf(project) })
    }
    await runOrThrow(folder, [...pnpm, 'install', '--prefer-offline', '--ignore-scripts'])
  }
  writeFileSync(join(folder, 'prelude.mjs'), PRELUDE)
  return projects
}

function writeProjects(folder: string): Project[] {
  const programs = readPrograms(root)
  return [...new Set(programs.map(({ document }) => document))].map((document) => {
    const own = join(folder, document.replaceAll(/[^\w]+/g, '-').toLowerCase())
    mkdirSync(own, { recursive: true })
    const files = programs
      .filter((program) => program.document === document)
      .map((program) => {
        const isSuite = /^\w+Contract\(/m.test(program.code)
        const file = join(own, `line-${program.line}${isSuite ? '.test' : ''}.ts`)
        writeFileSync(file, `${program.code}\nexport {}\n`)
        const checked = join(own, `checked-${program.line}.mts`)
        if (program.notRun === undefined && !isSuite) writeFileSync(checked, checkedSource(program.code))
        return { file, program, isSuite }
      })
    return { document, folder: own, programs: files }
  })
}

/** The versions that this workspace pins, for third parties' packages. */
function catalogVersions(): Record<string, string> {
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const lines = [...catalog.matchAll(/^ {2}'?([@\w/-]+)'?: (\d\S*)$/gm)].map((match) => [match[1], match[2]])
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { ...devDependencies, ...Object.fromEntries(lines) }
}

const writeJson = (file: string, value: unknown) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
