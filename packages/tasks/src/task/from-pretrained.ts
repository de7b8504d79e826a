import {
  abortableFolder,
  type FileFolder,
  HeddleError,
  type PartSpec,
  type RandomStream,
  type Registry,
} from '@heddle/core'
import { disposeParameters, type Module, namedParameters, type PretrainedFormat, pretrainedPoint } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import { mergeSettings, type Settings } from './settings.ts'
import type { Task } from './task.ts'

export interface FromPretrainedOptions {
  readonly registry: Registry
  /** Draws the weights of a new head, the batches and the samples. */
  readonly rng: RandomStream
  /** Names of the labels by id (default: those of the folder). A head for another number of labels is drawn anew. */
  readonly labels?: readonly string[]
  /** Settings of the task but its model. */
  readonly config?: Settings
  /** Ends it before the next file or tensor is read, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Receives the names of the weights that the folder lacks, which were drawn, and of those that the model does not have. */
  onDifferences?(differences: { readonly drawn: readonly string[]; readonly unused: readonly string[] }): void
}

/**
 * Training that suits a pre-trained model: small steps, a short linear warm-up, then a straight line down to zero.
 *
 * @see Devlin et al. 2019, "BERT", appendix A.3
 */
const FINE_TUNING = {
  training: {
    learningRate: 5e-5,
    schedule: { type: 'warmup', steps: 50, schedule: { type: 'linear' } },
  },
}

/**
 * Makes a task of a model that another library has trained: a folder with config.json, weights and a tokenizer.
 *
 * @param as type of the model to build from the folder
 * @param create makes the task from its settings and the model's
 * @throws HeddleError `file`, `format`, `config` or `state-dict`
 */
export async function taskFromPretrained<T extends Task>(
  given: FileFolder,
  { registry, rng, labels, config = {}, signal, onDifferences }: FromPretrainedOptions,
  {
    as,
    files: more = new Map(),
    labelsFile = (labels) => labels,
    create,
  }: {
    readonly as: string
    /** Contents of further files of the task's assets. */
    readonly files?: ReadonlyMap<string, unknown>
    /** Content of labels.json (default: the list). @param folderConfig content of the folder's config.json */
    labelsFile?(labels: readonly string[], folderConfig: Readonly<Record<string, unknown>>): unknown
    create(config: Settings, saved: PartSpec): T
  },
): Promise<T> {
  const folder = abortableFolder(given, signal)
  const { format, names, config: folderConfig } = await formatOf(folder, registry)
  const head = labels === undefined ? { type: as } : { type: as, numLabels: labels.length }
  const { model: source, spec, drawn = [], unused = [] } = await format.load(folder, { registry, rng }, { as: head })
  try {
    const { numLabels = 0 } = spec as PartSpec & { readonly numLabels?: number }
    const ids = labels ?? Array.from({ length: numLabels }, (_, id) => names[id] ?? `LABEL_${id}`)
    const tokenizer = await Tokenizer.fromFolder(folder)
    const files = new Map<string, unknown>([
      ['labels.json', labelsFile(ids, folderConfig)],
      ['tokenizer.json', tokenizer.toJSON()],
      ...more,
    ])
    const maxLength = maxLengthOf(source, tokenizer)
    const own = { ...FINE_TUNING, ...(maxLength !== undefined && { maxLength }) }
    const task = create({ ...mergeSettings(own, config), model: { type: spec.type } }, spec)
    await task.restore(async (file) => files.get(file), spec)
    const saved = new Map(namedParameters(source))
    for (const [path, parameter] of namedParameters(task.model)) parameter.assign(saved.get(path)!.value)
    onDifferences?.({ drawn, unused })
    return task
  } finally {
    disposeParameters(source)
  }
}

/** The layout of a folder, and the names of its labels by id. */
async function formatOf(
  folder: FileFolder,
  registry: Registry,
): Promise<{
  format: PretrainedFormat
  names: Readonly<Record<string, string>>
  config: Readonly<Record<string, unknown>>
}> {
  const bytes = await folder.read('config.json')
  const config = bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>)
  const format = registry
    .list(pretrainedPoint)
    .map(({ name }) => registry.create(pretrainedPoint, { type: name }, undefined))
    .find(({ reads }) => config !== undefined && reads(config))
  if (format === undefined) {
    throw new HeddleError(
      'format',
      `${folder.name ?? 'fromPretrained'}: expected a folder with the config.json of transformers, got ${config === undefined ? 'none' : 'another'}. Use openTask for a run.`,
    )
  }
  const { id2label = {} } = config ?? {}
  return { format, names: id2label as Readonly<Record<string, string>>, config: config ?? {} }
}

/** Number of tokens that model and tokenizer take at most, where they have a limit. */
function maxLengthOf(model: Module, { settings }: Tokenizer): number | undefined {
  const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
  const limits = [settings.maxLength, encoder?.maxPositions].filter((limit) => limit !== undefined)
  return limits.length === 0 ? undefined : Math.min(...limits)
}
