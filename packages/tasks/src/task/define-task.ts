import { type ConfigSchema, type PartSpec, parseConfig, type RandomStream, type Registry } from '@heddle/core'
import type { Module } from '@heddle/layers'
import type * as z from 'zod'
import type { ExampleFacts } from '../check/facts.ts'
import type { Dataset, SplitSettings } from '../run/dataset.ts'
import type { AssetsOf } from './assets.ts'
import type { Abortable, AnyPipeline } from './pipeline.ts'
import { Task } from './task.ts'
import type { TrainingSettings } from './training-settings.ts'

/** The settings that every task has; each adds its own. */
export interface TaskConfig {
  /** The model, without the sizes that the data decide. */
  readonly model: PartSpec
  readonly training: TrainingSettings
  readonly metrics: readonly PartSpec[]
}

/** Context in which a task is created. */
export interface TaskContext {
  readonly registry: Registry
  /** Streams for initial weights, batches and samples are split off it in this order. */
  readonly rng: RandomStream
  /** Name for messages (default: the task's). */
  readonly where?: string
  /** The model of a task that is opened: its settings count, those that were given have served. */
  readonly saved?: PartSpec
}

/** A model that is built, with the learned assets around it. */
export interface Built<A, C> {
  readonly model: Module
  readonly assets: A
  readonly config: C
  readonly registry: Registry
  /** Name for messages. */
  readonly where: string
}

/**
 * The definition of a task.
 *
 * @typeParam E an example as the data hold it
 * @typeParam A everything that is learned from the training examples besides weights
 * @typeParam S schema of the settings
 * @typeParam L the task joined with a model
 */
export interface TaskParts<E, A extends object, S extends z.ZodType<TaskConfig>, L extends AnyPipeline> {
  readonly name: string
  readonly summary: string
  readonly config: S
  /** Unit of the training rate: 'tokens', 'characters', 'pictures'; a function where it depends on the settings. */
  readonly unit: string | ((config: z.output<S>) => string)
  readonly assets: AssetsOf<A>
  learn(train: readonly E[], config: z.output<S>, options: Abortable): A | Promise<A>
  /** The sizes that the model takes from the data, as fields of its config. */
  sizes(assets: A, config: z.output<S>): Readonly<Record<string, unknown>>
  pipeline(built: Built<A, z.output<S>>): L
  /** Three parts without an example in common; the same seed gives the same ones (default: at random). */
  split?(examples: readonly E[], settings: SplitSettings, seed: number, config: z.output<S>): Dataset<E>
  /**
   * An example as a check of the data sees it: a text has several, of its lines (default: such checks are left out). A promise
   * for examples that are read from a file, of which a few are looked at.
   */
  facts?(example: E, assets: A): ExampleFacts | readonly ExampleFacts[] | Promise<readonly ExampleFacts[]>
  /** Model that is this task's head on any encoder, for runs that start from a model of another kind with one. */
  readonly headOnEncoder?: string
  /** The settings beside the schedule whose meaning depends on the number of steps: a run with them cannot be lengthened. */
  dependOnSteps?(config: z.output<S>): readonly string[]
  /** The amount of data for people: '300,000 characters' (default: the number of examples). */
  count?(examples: readonly E[], config: z.output<S>): string
}

/** A kind of task, such as text classification. */
export interface TaskType<E, S extends z.ZodType<TaskConfig>, L extends AnyPipeline> {
  readonly name: string
  readonly summary: string
  readonly config: ConfigSchema<z.output<S>>
  readonly headOnEncoder?: string
  /**
   * Makes a task with a model that has yet to be trained.
   *
   * @throws HeddleError `config` or `unknown-name`
   */
  create(config: z.input<S>, context: TaskContext): Task<E, L>
}

/** Makes a task from its parts. */
export function defineTask<E, A extends object, S extends z.ZodType<TaskConfig>, L extends AnyPipeline>(
  parts: TaskParts<E, A, S, L>,
): TaskType<E, S, L> {
  const { name, summary, headOnEncoder } = parts
  const schema = parts.config as unknown as ConfigSchema<z.output<S>>
  return {
    name,
    summary,
    config: schema,
    ...(headOnEncoder !== undefined && { headOnEncoder }),
    create(config, context) {
      const { where = `task '${name}'` } = context
      return new Task(parts, parseConfig(where, schema, config), { ...context, where })
    },
  }
}
