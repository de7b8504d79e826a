import type { Registry } from '@heddle/core'
import { countParameters, summary } from '@heddle/layers'
import { closeRun, openRun, type Run } from '@heddle/recipes'
import { FolderStore } from '@heddle/trainer/node'
import pc from 'picocolors'
import { type BackendOptions, startBackend } from '../backend.ts'
import { formatCount } from '../format.ts'
import { checkLookInside, type LookInsideOptions, lookInside } from '../inspect/look-inside.ts'
import type { Output } from '../output.ts'
import { existingRun } from '../run-folder.ts'

export interface InspectOptions extends BackendOptions, LookInsideOptions {}

/** `heddle inspect`: what a run is made of, or what goes on inside it. */
export async function inspectCommand(
  directory: string,
  options: InspectOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const looksInside = checkLookInside(options)
  const folder = await existingRun(directory)
  await startBackend(options, (line) => output.line(line))
  const run = await openRun({ store: new FolderStore(folder), registry, name: folder })
  if (looksInside)
    output.result({ command: 'inspect', run: folder, ...(await lookInside(run, folder, options, output)) })
  else showParts(run, folder, output)
  closeRun(run)
}

function showParts(run: Run, folder: string, output: Output): void {
  const { recipe, model, seed, data, files, parts, plugins } = run.config
  const rows = summary(run.model)
  const { total, trainable } = countParameters(run.model)
  const { dim } = pc.createColors(output.colors)

  output.field('recipe', recipe.type)
  output.field('data', data === null ? 'built-in' : data.name)
  output.field('seed', String(seed))
  output.field('files', ['config.json', 'model.safetensors', ...files].join(', '))
  output.heading(`${model.type}: ${formatCount(total)} parameters, ${formatCount(trainable)} of them trained`)
  const width = Math.max(...rows.map(({ path, kind }) => indented(path).length + kind.length + 1), 20)
  for (const { path, kind, parameters, size } of rows) {
    const label = `${indented(path)} ${dim(kind)}`
    const gap = ' '.repeat(Math.max(2, width + 2 - indented(path).length - kind.length - 1))
    const shapes = parameters.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join('  ')
    output.line(`${label}${size > 0 ? `${gap}${formatCount(size).padStart(10)}  ${shapes}` : ''}`)
  }
  output.heading('Parts by plugin')
  for (const { name, version } of plugins) {
    const provided = parts.filter(({ plugin }) => plugin === name).map((part) => `${part.kind} '${part.name}'`)
    output.line(`  ${name}${version === undefined ? '' : ` ${version}`}: ${provided.join(', ')}`)
  }
  output.heading('Settings')
  for (const [key, value] of Object.entries(recipe))
    if (key !== 'type') output.line(`  ${key} = ${JSON.stringify(value)}`)
  output.result({ command: 'inspect', run: folder, ...run.config, parameters: { total, trainable }, modules: rows })
}

/** The last name of a path, moved in by its depth; the root is the model. */
const indented = (path: string) => {
  if (path === '') return '(model)'
  const names = path.split('.')
  return '  '.repeat(names.length) + names.at(-1)
}
