import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRegistry, HeddleError, type Plugin, type Registry } from '@heddle/core'
import { stdPlugins } from '@heddle/std'
import { legacy, exports as resolveExports } from 'resolve.exports'

/** The first-party plugins and those that --plugin names. */
export async function registryWith(specifiers: readonly string[]): Promise<Registry> {
  const plugins: Plugin[] = []
  for (const specifier of specifiers) plugins.push(...(await loadPlugin(specifier)))
  return createRegistry([stdPlugins, plugins])
}

/**
 * The plugins that a package exports. A path names a folder with a package.json, or a module file; anything else is a package
 * installed where the command runs.
 *
 * @throws HeddleError `plugin`
 */
async function loadPlugin(specifier: string): Promise<Plugin[]> {
  const file = await entryOf(specifier)
  let module: Record<string, unknown>
  try {
    module = await import(pathToFileURL(file).href)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError(
      'plugin',
      `--plugin ${specifier}: expected a module that loads, got an error in ${file}: ${reason}. Install its dependencies, or build it.`,
      { cause },
    )
  }
  const plugins = [...new Set(Object.values(module).flat())].filter(isPlugin)
  if (plugins.length === 0) {
    const names = Object.keys(module)
    throw new HeddleError(
      'plugin',
      `--plugin ${specifier}: expected an export { name, contributes }, got ${names.length > 0 ? names.join(', ') : 'no exports'}. Export the plugin's value.`,
    )
  }
  return plugins
}

const isPlugin = (value: unknown): value is Plugin =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Plugin).name === 'string' &&
  Array.isArray((value as Plugin).contributes)

async function entryOf(specifier: string): Promise<string> {
  const path = resolve(specifier)
  const info = await stat(path).catch(() => undefined)
  if (info?.isFile()) return path
  if (info?.isDirectory()) return packageEntry(path, specifier)
  if (/^\.{0,2}[\\/]/.test(specifier)) {
    throw new HeddleError('plugin', `--plugin: expected a folder or file, got none at ${specifier}. Check the path.`)
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', specifier)
    if (await stat(join(candidate, 'package.json')).catch(() => undefined)) return packageEntry(candidate, specifier)
    if (folder === dirname(folder)) break
  }
  throw new HeddleError(
    'plugin',
    `--plugin: expected an installed package, got no '${specifier}'. Install it here, or give a path that starts with './'.`,
  )
}

/** The module that a package's package.json points to for an import. */
async function packageEntry(folder: string, specifier: string): Promise<string> {
  let manifest: Record<string, unknown>
  try {
    manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError(
      'plugin',
      `--plugin ${specifier}: expected a package.json in the folder, got an error: ${reason}. Name the package's folder.`,
      { cause },
    )
  }
  const conditions = process.execArgv.flatMap((argument) => /^(?:-C|--conditions)=(.+)$/.exec(argument)?.[1] ?? [])
  let entry: string | undefined
  try {
    entry = resolveExports(manifest, '.', { conditions })?.[0]
  } catch {
    entry = undefined
  }
  const main = entry ?? legacy(manifest, { fields: ['module', 'main'] })
  const file = join(folder, typeof main === 'string' ? main : 'index.js')
  if (!(await stat(file).catch(() => undefined))?.isFile()) {
    throw new HeddleError(
      'plugin',
      `--plugin ${specifier}: expected the module ${file}, which its package.json names, got none. Build the package.`,
    )
  }
  return file
}
