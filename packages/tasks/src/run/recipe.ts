import { type ConfigSchema, type Contribution, ExtensionPoint, jsonSchemaOf, type RandomStream } from '@heddle/core'
import type { DataSource, SplitPart, WantedColumns } from '@heddle/data'
import * as z from 'zod'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { TaskConfig, TaskType } from '../task/define-task.ts'
import type { AnyPipeline } from '../task/pipeline.ts'
import { isObject, type Settings, withDefaults } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { type Dataset, officialSplit, type SplitSettings, splitFields, withFewer } from './dataset.ts'
import type { Preset } from './preset.ts'

/** Examples that are read from given data. */
export interface RecipeExamples<E> {
  readonly examples: readonly E[]
  /** Lines for the user, such as the number of malformed rows that are left out. */
  readonly notes?: readonly string[]
  /** Number of rows, or examples, that were left out as malformed or empty (default 0). */
  readonly left?: number
  /** Settings that the content told, with which further files of the same data are read. */
  readonly found?: Settings
  /** The part of each example in the split that the files bring, for examples that do not hold it themselves. */
  readonly splits?: readonly SplitPart[]
}

/** Usual names and places of the columns that an input is read from. */
export type InputColumns = Pick<WantedColumns, 'names' | 'likely'>

/** The settings under `data` that every recipe has. */
export interface DataConfig extends Omit<SplitSettings, 'test'> {
  /** Null where no test part is split off, while one that files bring is taken. */
  readonly test: number | null
  /** Number of built-in examples. */
  readonly count: number
  /** Seed of the built-in examples and of the parts (default: the run's). */
  readonly seed?: number | undefined
}

/** The source of a recipe's examples. */
export interface RecipeData<E, F extends z.ZodRawShape> {
  /** Number of built-in examples. */
  readonly count: number
  /** Meaning of that number, for the help text (default: 'number of built-in examples'). */
  readonly counts?: string
  /** Held-out examples: a number, or a share below 1 (default: a tenth each); a test part of 0 is only the one that files bring. */
  readonly validation?: number
  readonly test?: number
  /** Further settings of the data, such as names of columns. */
  readonly fields?: F
  /** The files that `--data` accepts, in one line. */
  readonly format: string
  /** The columns of a table that an input is read from, for predictions (default: the usual names of texts). */
  readonly columns?: InputColumns
  /** Generates examples; the same stream gives the same ones. */
  builtIn(config: DataConfig & z.output<z.ZodObject<F>>, rng: RandomStream): readonly E[]
  read(source: DataSource, config: DataConfig & z.output<z.ZodObject<F>>): Promise<RecipeExamples<E>>
  /** Splits examples in another way than the task does. */
  split?(
    examples: readonly E[],
    config: DataConfig & SplitSettings & z.output<z.ZodObject<F>>,
    seed: number,
  ): Dataset<E>
}

/** Context of a baseline: the same examples that the trained model is judged by. */
export interface BaselineContext<E, L> {
  readonly train: readonly E[]
  readonly validation: readonly E[]
  readonly test: readonly E[]
  /** Held-out examples that the result is of. */
  readonly heldOut: readonly E[]
  readonly pipeline: L
  /** Ends the work soon, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Reaches numbers with a much simpler method, under the names of the task's metrics. */
export type Baseline<E, L = AnyPipeline> = (
  context: BaselineContext<E, L>,
) => Record<string, number> | Promise<Record<string, number>>

/** Context of a recipe's own exhibits. */
export interface ExhibitContext<E, L, C> extends BaselineContext<E, L> {
  /** The settings of the data. */
  readonly data: C
  /** A stream of its own, which follows from the seed. */
  readonly rng: RandomStream
  /** Whether the examples are built in. */
  readonly isBuiltIn: boolean
}

/** Shows a trained model in a way of the recipe's own, after the exhibits of its task. */
export type RecipeExhibits<E, L = AnyPipeline, C = DataConfig> = (
  context: ExhibitContext<E, L, C>,
) => Promise<readonly Exhibit[]>

/** Given data, for which a recipe may have defaults of its own. */
export interface GivenExamples<E> {
  readonly train: readonly E[]
  readonly numTraining: number
  /** Settings that are given. */
  readonly settings: Settings
}

/**
 * A recipe: a task, where its examples come from, and settings that suit them. It is data: the settings below are defaults that
 * `--set` changes, in the same nested form.
 */
export interface RecipeParts<E, S extends z.ZodType<TaskConfig>, L extends AnyPipeline, F extends z.ZodRawShape> {
  readonly name: string
  readonly summary: string
  readonly task: TaskType<E, S, L>
  readonly data: RecipeData<NoInfer<E>, F>
  /** Defaults of the task's settings: model, training, metrics and the task's own. */
  readonly defaults: DeepPartial<z.input<S>>
  /** Settings for `--preset`, by name. */
  readonly presets?: Readonly<
    Record<string, Preset<DeepPartial<z.input<S> & { data: z.input<z.ZodObject<F>> & DataConfig }>>>
  >
  /** Values of metrics that these defaults reach on the built-in data. */
  readonly expected?: Readonly<Record<string, number>>
  /** Defaults for given data, by their training examples and the settings that are given. */
  forData?(given: GivenExamples<NoInfer<E>>): DeepPartial<z.input<S>>
  readonly baseline?: Baseline<E, L>
  /** Whether a run that starts from another model also trains the same network from random weights, and shows both (default: it does not). */
  readonly againstScratch?: boolean
  readonly exhibits?: RecipeExhibits<NoInfer<E>, L, DataConfig & z.output<z.ZodObject<F>>>
}

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T

/** A recipe as shared code sees it. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds recipes of any example type; each goes only with its own task
export interface Recipe<E = any> {
  readonly name: string
  readonly summary: string
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly task: TaskType<E, any, any>
  readonly data: {
    readonly config: ConfigSchema<DataConfig>
    readonly format: string
    readonly columns?: InputColumns
    builtIn(config: DataConfig, rng: RandomStream): readonly E[]
    read(source: DataSource, config: DataConfig): Promise<RecipeExamples<E>>
    /** @param splits as {@link RecipeExamples} has them */
    split(
      task: Task<E>,
      examples: readonly E[],
      config: DataConfig,
      seed: number,
      splits?: readonly SplitPart[],
    ): Dataset<E>
  }
  readonly defaults: Settings
  readonly presets: Readonly<Record<string, Preset>>
  /** Schema of all settings with the recipe's defaults, for checks and help texts. */
  readonly config: ConfigSchema<Settings>
  readonly expected: Readonly<Record<string, number>>
  readonly againstScratch: boolean
  forData?(given: GivenExamples<E>): Settings
  baseline?(context: BaselineContext<E, AnyPipeline>): Promise<Record<string, number>>
  exhibits?(context: ExhibitContext<E, AnyPipeline, DataConfig>): Promise<readonly Exhibit[]>
}

/** The extension point of recipes. */
export const recipePoint: ExtensionPoint<Recipe, undefined> = new ExtensionPoint('recipe')

/** The size of a test part that is split off on demand. */
const onlyOfFiles = splitFields.test
  .unwrap()
  .nullable()
  .default(null)
  .describe(
    'examples held out for the test: a number, or a share below 1; 0 for none, null for none but the part that the files bring',
  )

/** Largest number of built-in examples; the limit keeps a wrong file from asking for more memory than there is. */
const MOST_BUILT_IN = 10_000_000

/** Makes a recipe, ready for the list of a plugin's contributions. */
export function recipe<
  E,
  S extends z.ZodType<TaskConfig>,
  L extends AnyPipeline,
  F extends z.ZodRawShape = Record<never, never>,
>(parts: RecipeParts<E, S, L, F>): Contribution<Recipe<E>, undefined> {
  const { name, summary, task, data, defaults, presets = {}, expected = {}, forData, baseline, exhibits } = parts
  const { againstScratch = false } = parts
  const { count, counts = 'number of built-in examples', validation = 0.1, test = 0.1, fields } = data
  const dataConfig = z.strictObject({
    count: z.int().min(1).max(MOST_BUILT_IN).default(count).describe(counts),
    seed: z
      .int()
      .min(0)
      .optional()
      .describe(
        "seed of the built-in examples and of the parts, so that runs of several seeds share them (default: the run's)",
      ),
    ...splitFields,
    validation: splitFields.validation.default(validation),
    test: test === 0 ? onlyOfFiles : splitFields.test.default(test),
    ...fields,
  })
  const made: Recipe<E> = {
    name,
    summary,
    task,
    data: {
      config: dataConfig as unknown as ConfigSchema<DataConfig>,
      format: data.format,
      ...(data.columns && { columns: data.columns }),
      builtIn: (config, rng) => data.builtIn(config as never, rng),
      read: (source, config) => data.read(source, config as never),
      split(created, examples, config, seed, splits) {
        const hold = (train: readonly E[]) => created.split(train, { ...config, test: 0 }, seed)
        // Beside a part that files bring its size does not matter, unless it is 0.
        const official = officialSplit(examples, hold, { ...config, test: config.test ?? 1 }, splits)
        const sizes = { ...config, test: config.test ?? 0 }
        const parts = official ?? data.split?.(examples, sizes as never, seed) ?? created.split(examples, sizes, seed)
        return withFewer(parts, config.train, seed)
      },
    },
    defaults: defaults as Settings,
    presets: presets as unknown as Readonly<Record<string, Preset>>,
    config: recipeConfig(task, dataConfig, defaults as Settings),
    expected,
    againstScratch,
    ...(forData && { forData: (given) => forData(given) as Settings }),
    ...(baseline && { baseline: async (context) => baseline(context as never) }),
    ...(exhibits && { exhibits: (context) => exhibits(context as never) }),
  }
  return recipePoint.of({ name, summary, config: z.strictObject({}), create: () => made })
}

/** The schema of a recipe's settings: those of its data under `data`, beside those of its task. */
function recipeConfig(
  task: { readonly config: ConfigSchema<unknown> },
  data: ConfigSchema<unknown>,
  defaults: Settings,
): ConfigSchema<Settings> {
  const schema = withDefaults(task.config, defaults)
  return {
    '~standard': {
      version: 1,
      vendor: 'heddle',
      validate(value) {
        if (!isObject(value)) return schema['~standard'].validate(value) as never
        const { data: dataSettings = {}, ...settings } = value
        const [own, ofData] = [schema['~standard'].validate(settings), data['~standard'].validate(dataSettings)]
        if (own instanceof Promise || ofData instanceof Promise) return own as never
        const issues = [
          ...(own.issues ?? []),
          ...(ofData.issues ?? []).map((issue) => ({ ...issue, path: ['data', ...(issue.path ?? [])] })),
        ]
        if (issues.length > 0) return { issues }
        return { value: { data: (ofData as { value: unknown }).value, ...(own as { value: Settings }).value } }
      },
      jsonSchema: {
        input: (options) => {
          const own = schema['~standard'].jsonSchema.input(options)
          const ofData = jsonSchemaOf(data)
          return { ...own, properties: { data: ofData, ...(own['properties'] as object) } }
        },
      },
    },
  }
}
