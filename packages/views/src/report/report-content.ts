import type { PartSpec } from '@heddle/core'
import type { MetricInfo } from '@heddle/metrics'
import type { Evaluation, Exhibit, TrainedRun } from '@heddle/tasks'
import type { RunLogContent } from '@heddle/trainer'

/** Content of a report, as data. */
export interface ReportContent {
  readonly title: string
  /** Name of the data. */
  readonly data: string
  readonly numParameters: number
  readonly steps: number
  readonly elapsedMs: number
  readonly metrics: readonly MetricInfo[]
  readonly evaluation?: Evaluation | undefined
  readonly exhibits: readonly Exhibit[]
  readonly log: RunLogContent
  /** Settings by section, such as data and training. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly model: PartSpec
  readonly files: readonly string[]
  /** Facts about the machine, by label. */
  readonly environment: Readonly<Record<string, string>>
}

/** The report of a run that has just been trained. */
export function reportContent(
  { recipe, task, seed, dataset, dataNotes, provenance, result, evaluation, exhibits }: TrainedRun,
  log: RunLogContent,
  environment: Readonly<Record<string, string>>,
): ReportContent {
  const { model: _, training, metrics, ...ofTask } = task.config
  const { count, train: _train, validation: _validation, test: _test, ...settings } = provenance.recipe?.data ?? {}
  const isBuiltIn = provenance.data === null
  const plugins = new Set(task.usedParts.map(({ plugin }) => plugin))
  return {
    title: `${recipe.name}, seed ${seed}`,
    data: provenance.data?.name ?? 'built-in data',
    numParameters: task.numParameters,
    steps: result.steps,
    elapsedMs: result.elapsedMs,
    metrics: task.pipeline.metrics,
    evaluation,
    exhibits,
    log,
    settings: {
      recipe: recipe.name,
      seed,
      // The number of built-in examples says nothing about given data.
      data: {
        source: provenance.data?.name ?? 'built-in',
        // The parts as they are: the shares of the settings say nothing where the files bring a split.
        train: task.count(dataset.train),
        validation: dataset.validation.length === 0 ? 'none' : task.count(dataset.validation),
        test: dataset.test.length === 0 ? 'none' : task.count(dataset.test),
        ...(isBuiltIn && { count }),
        ...settings,
        ...(dataNotes.length > 0 && { notes: dataNotes }),
      },
      task: { type: task.type, ...ofTask },
      training,
      ...(metrics.length > 0 && { metrics }),
      plugins: [...plugins],
    },
    model: task.modelSpec,
    files: ['config.json', 'model.safetensors', ...task.files.keys(), 'log.jsonl', 'metrics.json'],
    environment,
  }
}
