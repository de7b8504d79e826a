/**
 * Checks every import of the packages and apps: that it is allowed by the dependency table, declared in the package's
 * package.json, free of cycles between files, and free of Node's modules where the code must run in a browser. Checks that
 * published packages have the entries that the workspace imports.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { allowedFor, dependencyTable, withoutTfjs } from './dependency-table.ts'

interface ImportOf {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
  /** Loaded by `import()`, so only where it is reached. */
  readonly dynamic: boolean
  /** `import { … } from`, values and not only types. */
  readonly named: boolean
}

const root = resolve(import.meta.dirname, '..')
const problems: string[] = []

function importsOf(file: string): ImportOf[] {
  const source = readFileSync(file, 'utf8')
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  return [...source.matchAll(pattern)].map((match) => ({
    file,
    specifier: (match[2] ?? match[3] ?? match[4])!,
    typeOnly: match[1] !== undefined,
    dynamic: match[4] !== undefined,
    named: /^\s*(import|export)\s+\{/.test(match[0]),
  }))
}

/** A cycle of run-time imports that starts at `file`, if there is one. */
function findCycle(
  file: string,
  graph: ReadonlyMap<string, readonly string[]>,
  path: string[],
  done: Set<string>,
): string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
  if (done.has(file)) return undefined
  for (const next of graph.get(file) ?? []) {
    const cycle = findCycle(next, graph, [...path, file], done)
    if (cycle !== undefined) return cycle
  }
  done.add(file)
  return undefined
}

/** `file` and every file that it imports, directly or not. */
function reachable(file: string, graph: ReadonlyMap<string, readonly string[]>, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const next of graph.get(file) ?? []) reachable(next, graph, seen)
  return seen
}

for (const folder of globSync(['packages/*', 'apps/*'], { cwd: root })) {
  const name = folder.split('/')[1]!
  const manifestFile = join(root, folder, 'package.json')
  if (!existsSync(manifestFile)) continue
  if (dependencyTable[name] === undefined) {
    problems.push(`${folder}: not in tools/dependency-table.ts. Add it with the packages that it may use.`)
    continue
  }
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'))
  const declared = new Set(
    [manifest.dependencies, manifest.peerDependencies].flatMap((group) => Object.keys(group ?? {})),
  )
  const declaredForTests = new Set([
    ...declared,
    ...Object.keys(manifest.devDependencies ?? {}),
    'vitest',
    '@heddle/testing',
  ])
  const allowed = allowedFor(name)
  const graph = new Map<string, string[]>()
  const nodeUsers = new Map<string, string>()

  for (const file of globSync('src/**/*.ts', { cwd: join(root, folder) }).map((path) => join(root, folder, path))) {
    const isTest = /\.test\.ts$|\/(testing|test-support|fixtures)\//.test(relative(join(root, folder), file))
    const place = relative(root, file)
    const targets: string[] = []
    graph.set(file, targets)
    for (const { specifier, typeOnly, dynamic, named } of importsOf(file)) {
      if (specifier.startsWith('.')) {
        if (!typeOnly && !dynamic) targets.push(resolve(dirname(file), specifier))
        continue
      }
      if (specifier.startsWith('node:')) {
        if (!typeOnly && !dynamic) nodeUsers.set(file, specifier)
        continue
      }
      const packageName = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      if (packageName === manifest.name) continue
      if (packageName === 'zod' && named)
        problems.push(
          `${place}: imports from zod by name, which keeps all of it in bundles. Write import * as z from 'zod'.`,
        )
      if (!(isTest ? declaredForTests : declared).has(packageName))
        problems.push(`${place}: imports ${packageName}, which ${folder}/package.json does not declare.`)
      const ours = /^@heddle\/(.+)/.exec(packageName)?.[1]
      if (ours !== undefined && !isTest && !allowed.has(ours))
        problems.push(`${place}: ${name} may not import ${ours} (tools/dependency-table.ts).`)
      if (packageName.startsWith('@tensorflow/') && withoutTfjs.includes(name))
        problems.push(`${place}: ${name} runs without tfjs, but imports ${packageName}.`)
      if (ours !== undefined && !isTest && !typeOnly && withoutTfjs.includes(name) && !withoutTfjs.includes(ours))
        problems.push(`${place}: ${name} runs without tfjs, so it may only 'import type' from ${packageName}.`)
    }
  }
  for (const dependency of declared) {
    const ours = /^@heddle\/(.+)/.exec(dependency)?.[1]
    if (ours !== undefined && !allowed.has(ours))
      problems.push(`${folder}/package.json: ${name} may not depend on ${ours}.`)
  }
  if (folder.startsWith('packages/') && manifest.private !== true) {
    for (const entry of Object.keys(manifest.exports))
      if (!Object.hasOwn(manifest.publishConfig.exports, entry))
        problems.push(`${folder}/package.json: publishConfig.exports lacks ${entry}, which exports has.`)
    for (const file of reachable(join(root, folder, 'src/index.ts'), graph)) {
      const specifier = nodeUsers.get(file)
      if (specifier !== undefined)
        problems.push(
          `${relative(root, file)}: imports ${specifier}, but src/index.ts reaches it and must run in a browser.`,
        )
    }
  }
  const done = new Set<string>()
  for (const file of graph.keys()) {
    const cycle = findCycle(file, graph, [], done)
    if (cycle !== undefined) {
      problems.push(`import cycle: ${cycle.map((path) => relative(root, path)).join(' -> ')}`)
      break
    }
  }
}

for (const problem of problems) console.error(problem)
console.log(problems.length === 0 ? 'dependencies: ok' : `dependencies: ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
