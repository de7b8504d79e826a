import type { Registry } from '@heddle/core'
import { countParameters, summary } from '@heddle/layers'
import { openRun } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { formatCount, visibleText } from '@heddle/views'
import pc from 'picocolors'
import { type BackendOptions, startBackend } from '../backend.ts'
import type { Output } from '../output.ts'
import { existingRun } from '../run-folder.ts'

/** `heddle inspect model`: the parts of a run, with shapes, parameters, plugins and settings. */
export async function inspectModelCommand(
  directory: string,
  options: BackendOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const folder = await existingRun(directory)
  await startBackend(options, (line) => output.line(line))
  const { task, config } = await openRun({ store: new FolderStore(folder), registry, name: folder })
  const { recipe, seed, data, parts, plugins } = config
  const rows = summary(task.model)
  const { total, trainable } = countParameters(task.model)
  const { dim } = pc.createColors(output.colors)

  output.field('recipe', recipe?.name ?? 'none, trained from code')
  output.field('task', task.type)
  output.field('data', data?.name ?? (recipe === null ? 'from code' : 'built-in'))
  if (seed !== null) output.field('seed', String(seed))
  output.field('files', ['config.json', 'model.safetensors', ...task.files.keys()].join(', '))
  output.heading(`${task.modelSpec.type}: ${formatCount(total)} parameters, ${formatCount(trainable)} of them trained`)
  const width = Math.max(...rows.map(({ path, kind }) => indented(path).length + kind.length + 1), 20)
  for (const { path, kind, parameters, size } of rows) {
    const label = `${visibleText(indented(path))} ${dim(visibleText(kind))}`
    const gap = ' '.repeat(Math.max(2, width + 2 - indented(path).length - kind.length - 1))
    const shapes = parameters.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join('  ')
    output.styledLine(`${label}${size > 0 ? `${gap}${formatCount(size).padStart(10)}  ${visibleText(shapes)}` : ''}`)
  }
  output.heading('Parts by plugin')
  for (const { name, version } of plugins) {
    const provided = parts.filter(({ plugin }) => plugin === name).map((part) => `${part.kind} '${part.name}'`)
    output.line(`  ${name}${version === undefined ? '' : ` ${version}`}: ${provided.join(', ')}`)
  }
  output.heading('Settings')
  const { model: _, ...ofTask } = config.task
  for (const [name, settings] of [
    ['data', recipe?.data ?? {}] as const,
    ['task', ofTask] as const,
    ['model', config.model] as const,
  ]) {
    for (const line of settingLines(name, settings)) output.line(`  ${line}`)
  }
  output.result({ command: 'inspect model', run: folder, ...config, parameters: { total, trainable }, modules: rows })
  task.dispose()
}

/** `path = value` for each value of nested settings. */
function settingLines(path: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} = ${JSON.stringify(value)}`]
  return Object.entries(value).flatMap(([key, inner]) => settingLines(`${path}.${key}`, inner))
}

/** The last name of a path, indented by its depth; the root is the model. */
function indented(path: string): string {
  if (path === '') return '(model)'
  const names = path.split('.')
  return '  '.repeat(names.length) + names.at(-1)
}
