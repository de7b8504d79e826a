import { basename, dirname } from 'node:path'
import { HeddleError, type Registry } from '@heddle/core'
import { findRate } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import { htmlPage, lineChart, markup, sparkline } from '@heddle/views'
import { type BackendOptions, startBackend } from '../backend.ts'
import { type NewRunOptions, nameOfData, newRun } from '../new-run.ts'
import type { Output } from '../output.ts'

export interface LrFindCommandOptions extends BackendOptions, NewRunOptions {
  readonly out: string
  /** Range of learning rates, and the number of steps in which the rate passes it. */
  readonly lowest: number
  readonly highest: number
  readonly steps: number
}

/** `heddle lr-find`: a learning-rate range test with its plot; nothing is trained or kept. */
export async function lrFindCommand(
  recipe: string,
  options: LrFindCommandOptions,
  registry: Registry,
  output: Output,
): Promise<void> {
  const { out, lowest: from, highest: to, steps } = options
  if (from <= 0 || from >= to) {
    throw new HeddleError(
      'usage',
      `lr-find: expected --lowest above 0 and below --highest, got ${from} and ${to}. The usual range is 1e-6 to 1.`,
    )
  }
  await startBackend(options, (line) => output.line(line))
  const run = await newRun(recipe, options, registry, output)
  const { points, suggestion } = await findRate({
    ...{ registry, recipe: run.recipe, seed: run.seed, from: run.from, ...run.data },
    range: { from, to, steps },
    onPrepared: ({ task }) => {
      output.field('recipe', `${recipe}, seed ${run.seed}`)
      output.field('data', nameOfData(run.data))
      output.field('model', task.modelSpec.type)
    },
  })
  const rate = (value: number) => `${Number(value.toPrecision(2))}`
  const losses = points.map(({ smoothed }) => smoothed)
  output.field('loss', sparkline(losses, { from: Math.min(...losses), to: Math.max(...losses) }))
  output.field('rates', `${rate(from)} to ${rate(points.at(-1)?.learningRate ?? to)} in ${points.length} steps`)
  const found =
    suggestion === undefined
      ? 'none: the loss does not fall in this range'
      : `--set training.learningRate=${rate(suggestion)}: the loss falls fastest there, or is lowest at ten times that rate`
  output.field('suggestion', found)
  const series = (name: string, color: 1 | 3, value: (point: (typeof points)[number]) => number) =>
    ({ name, color, points: points.map((point) => [Math.log10(point.learningRate), value(point)] as const) }) as const
  const chart = lineChart({
    title: 'Loss by learning rate',
    xLabel: 'learning rate',
    series: [series('loss', 3, ({ loss }) => loss), series('smoothed', 1, ({ smoothed }) => smoothed)],
    formatX: (x) => rate(10 ** x),
    marks: suggestion === undefined ? [] : [{ x: Math.log10(suggestion), name: `suggestion ${rate(suggestion)}` }],
  })
  const page = htmlPage({
    title: `Learning-rate range test of ${recipe}`,
    about: `suggestion: ${found}`,
    body: [markup`<section><div class="charts">${chart}</div></section>`],
  })
  await new FolderStore(dirname(out)).write(basename(out), new TextEncoder().encode(page))
  output.field('page', out)
  output.result({ command: 'lr-find', recipe, suggestion: suggestion ?? null, page: out, points })
}
