import type { PartSpec, Registry } from '@heddle/core'
import { type Metric, type MetricInfo, metricPoint } from '@heddle/metrics'
import * as z from 'zod'
import { part } from './settings.ts'

/** The setting `metrics` of a task: names of metrics, or { type, … } with settings of their own. */
export const metricList = (defaults: readonly (string | PartSpec)[]) =>
  z
    .array(part)
    .prefault([...defaults])
    .describe('metrics of the evaluation, by name; the first value of the first one is the one to judge by')

/** The setting `metrics` of a task that is judged by its own alone. */
export const ownMetrics = z
  .array(part)
  .max(0, 'this task has no metrics besides its own')
  .default([])
  .describe('stays empty: the task has metrics of its own')

/** The metrics that a task's settings name. */
export class Scorer<P, R = P> {
  readonly metrics: readonly MetricInfo[]
  /** Names of the values of metrics that compare whole sequences. */
  readonly ofSequences: readonly string[]
  readonly #metrics: readonly Metric<P, R>[]

  constructor(specs: readonly PartSpec[], registry: Registry) {
    this.#metrics = specs.map((spec) => registry.create(metricPoint, spec, undefined) as unknown as Metric<P, R>)
    this.metrics = this.#metrics.flatMap(({ values }) => values)
    this.ofSequences = this.#metrics.flatMap(({ compares, values }) =>
      compares === 'sequences' ? values.map(({ name }) => name) : [],
    )
  }

  /**
   * All values by name.
   *
   * @param inputs the input of each prediction
   */
  score(predictions: readonly P[], references: readonly R[], inputs?: readonly unknown[]): Record<string, number> {
    return this.#byName(this.#metrics.map((metric) => metric.compute(predictions, references, inputs)))
  }

  /** All values by name of sequences; metrics of single predictions are given those of all sequences. */
  scoreSequences(
    predictions: readonly (readonly P[])[],
    references: readonly (readonly R[])[],
  ): Record<string, number> {
    const [flat, flatReferences] = [predictions.flat(), references.flat()]
    const values = this.#metrics.map((metric) =>
      metric.compares === 'sequences'
        ? (metric as unknown as Metric<readonly P[], readonly R[]>).compute(predictions, references)
        : metric.compute(flat, flatReferences),
    )
    return this.#byName(values)
  }

  #byName(values: readonly Readonly<Record<string, number>>[]): Record<string, number> {
    return Object.fromEntries(this.metrics.flatMap(({ name }) => values.flatMap((each) => pick(each, name))))
  }
}

const pick = (values: Readonly<Record<string, number>>, name: string): [string, number][] =>
  values[name] === undefined ? [] : [[name, values[name]]]
