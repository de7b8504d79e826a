import {
  type FileFolder,
  HeddleError,
  openFile,
  openSafetensors,
  type PartSpec,
  type RandomAccessFile,
  suggest,
  type TensorSource,
  writeSafetensors,
} from '@heddle/core'
import { type BuildContext, disposeParameters, type Module, modelPoint } from '@heddle/layers'
import { bertCheckpoint } from './bert.ts'
import type { CheckpointConfig, CheckpointFormat } from './checkpoint-format.ts'
import { distilbertCheckpoint } from './distilbert.ts'
import { electraCheckpoint } from './electra.ts'
import { gpt2Checkpoint } from './gpt2.ts'
import { llamaCheckpoint, qwen3Checkpoint } from './llama.ts'
import { marianCheckpoint } from './marian.ts'
import { robertaCheckpoint } from './roberta.ts'
import { type Assigned, assignWeights, type WeightName, weightTensors } from './weight-names.ts'

const formats: readonly CheckpointFormat[] = [
  gpt2Checkpoint,
  llamaCheckpoint,
  qwen3Checkpoint,
  marianCheckpoint,
  bertCheckpoint,
  robertaCheckpoint,
  distilbertCheckpoint,
  electraCheckpoint,
]

const [CONFIG, WEIGHTS, INDEX] = ['config.json', 'model.safetensors', 'model.safetensors.index.json']

/** Reads a file of a checkpoint; undefined where there is none. */
export type ReadFile = FileFolder['read']

export interface LoadCheckpointOptions {
  /**
   * Model to build in place of the one that config.json names, with the settings of its head: `{ type: 'classifier', numLabels: 3 }`
   * on a pre-trained BERT. Weights of a head that the checkpoint lacks are drawn from the seed, and with a `numLabels` those that it
   * has in another size; without one these are an error, as in transformers.
   */
  readonly as?: PartSpec
}

/** A model that was read from a checkpoint, and the weights that only one of the two has. */
export interface LoadedCheckpoint extends Assigned {
  /** In training mode. */
  readonly model: Module
  /** The settings that the model was built from. */
  readonly spec: PartSpec
  /** The content of config.json, for fields around the model such as `id2label`. */
  readonly config: CheckpointConfig
}

/**
 * Reads a checkpoint in the layout of transformers: config.json and the weights, in one file or in several with an index. Weights
 * are float32, float16 or bfloat16. They are read one by one, so that they are in memory once, where the folder can open files.
 *
 * @throws HeddleError `file`, `format`, or `state-dict`, listing every missing and unexpected tensor
 */
export async function loadCheckpoint(
  files: FileFolder | ReadFile,
  context: BuildContext,
  { as }: LoadCheckpointOptions = {},
): Promise<LoadedCheckpoint> {
  const folder: FileFolder = typeof files === 'function' ? { read: files } : files
  const config = await readJson(folder, CONFIG)
  const format = formatOf(config)
  const spec = format.readConfig(config, as)
  // Parameters take memory when they are first set, so nothing is allocated before the checks.
  const model = context.registry.create(modelPoint, spec, context)
  const names = format.weights(model, spec)
  const presentName = (saved: string) => format.presentName(saved, spec)
  const mayBeUnused = (name: string) => format.isOfOtherHead?.(name) ?? false
  try {
    const assigned = await withTensors(folder, (source) =>
      assignWeights(names, presentTensors(source, presentName, config, names), {
        mayBeUnused,
        replaceOptional: as?.['numLabels'] !== undefined,
      }),
    )
    return { model, spec, config, ...assigned }
  } catch (error) {
    disposeParameters(model)
    throw error
  }
}

/** The tensors under their present names, without those that are no weights. */
function presentTensors(
  { tensors, read }: TensorSource,
  presentName: (saved: string) => string | undefined,
  config: CheckpointConfig,
  names: readonly WeightName[],
): TensorSource {
  const saved = new Map<string, string>()
  for (const key of tensors.keys()) {
    const name = presentName(key)
    if (name !== undefined) saved.set(name, key)
  }
  // The head of a tied model may be saved beside the table that it is.
  if (!names.some(({ name }) => name === 'lm_head.weight') && config['tie_word_embeddings'] !== false) {
    saved.delete('lm_head.weight')
  }
  return {
    tensors: new Map([...saved].map(([name, key]) => [name, tensors.get(key)!])),
    read: (name) => read(saved.get(name)!),
  }
}

/**
 * The files of a checkpoint in the layout of transformers, with float32 weights.
 *
 * @param spec the settings that the model was built from
 * @param fields further fields of config.json, such as `id2label`
 * @throws HeddleError `config` for a model that is of no architecture of transformers
 */
export async function saveCheckpoint(
  model: Module,
  spec: PartSpec,
  context: BuildContext,
  fields: CheckpointConfig = {},
): Promise<Map<string, Uint8Array>> {
  const { format, config, spec: full } = formatOfModel(spec, context, 'saveCheckpoint')
  const tensors = await weightTensors(format.weights(model, full))
  return new Map([
    [CONFIG, new TextEncoder().encode(`${JSON.stringify({ ...config, ...fields }, null, 2)}\n`)],
    [WEIGHTS, writeSafetensors(tensors, { format: 'pt' })],
  ])
}

/**
 * The architecture of a model of ours, with its config.json, and its settings with defaults filled in.
 *
 * @throws HeddleError `config` for a model that is of no architecture of transformers
 */
export function formatOfModel(
  spec: PartSpec,
  { registry }: BuildContext,
  where: string,
): { readonly format: CheckpointFormat; readonly config: CheckpointConfig; readonly spec: PartSpec } {
  const { type, version: _, ...rest } = spec
  const full = { type, ...(registry.configOf(modelPoint, { type, ...rest }) as object) }
  const problems: string[] = []
  for (const format of formats) {
    const checked = format.writeConfig(full)
    if (checked === undefined) continue
    if ('data' in checked) return { format, config: checked.data, spec: full }
    problems.push(`for ${format.modelType} ${checked.differences.join(', ')}`)
  }
  const got =
    problems.length === 0 ? `'${type}', a model of another type` : `'${type}' with others (${problems.join('; ')})`
  throw new HeddleError(
    'config',
    `${where}: expected a model with the parts of ${formats.map(({ modelType }) => modelType).join(', ')}, got ${got}. Train a model with such settings, or keep it as a run of Heddle.`,
  )
}

function formatOf(config: CheckpointConfig): CheckpointFormat {
  const type = config['model_type']
  const format = formats.find(({ modelType }) => modelType === type)
  if (format !== undefined) return format
  const known = formats.map(({ modelType }) => modelType)
  throw new HeddleError(
    'format',
    `${CONFIG}: expected a model_type that Heddle reads, got ${JSON.stringify(type)}. ${suggest(String(type), known)}`,
  )
}

/** Opens the weights, in one file or in several with an index, and closes the files afterwards. */
async function withTensors<T>(folder: FileFolder, body: (source: TensorSource) => Promise<T>): Promise<T> {
  const open: RandomAccessFile[] = []
  const sources: TensorSource[] = []
  try {
    const whole = await openFile(folder, WEIGHTS)
    if (whole !== undefined) open.push(whole)
    const shards = whole === undefined ? await shardsOf(folder) : [WEIGHTS]
    for (const shard of shards) {
      const file = whole ?? (await openFile(folder, shard))
      if (file === undefined) {
        throw new HeddleError(
          'file',
          `${INDEX}: expected the file ${shard}, got none. Download all parts of the checkpoint.`,
        )
      }
      if (file !== whole) open.push(file)
      sources.push(await openSafetensors(file, shard))
    }
    return await body(joined(sources))
  } finally {
    for (const file of open) await file.close()
  }
}

async function shardsOf(folder: FileFolder): Promise<Set<string>> {
  const index = await readJson(folder, INDEX, `${WEIGHTS} or ${INDEX}`)
  return new Set(Object.values((index['weight_map'] ?? {}) as Record<string, string>))
}

function joined(sources: readonly TensorSource[]): TensorSource {
  const owners = new Map(sources.flatMap((source) => [...source.tensors.keys()].map((name) => [name, source])))
  return {
    tensors: new Map(sources.flatMap(({ tensors }) => [...tensors])),
    read: (name) => owners.get(name)!.read(name),
  }
}

async function readJson(folder: FileFolder, file: string, expected = file): Promise<CheckpointConfig> {
  const bytes = await folder.read(file)
  if (bytes === undefined) {
    throw new HeddleError('file', `Checkpoint: expected ${expected}, got none. Name the folder that holds it.`)
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CheckpointConfig
  } catch (cause) {
    throw new HeddleError('format', `${file}: expected JSON, got ${String(cause)}. Download it again.`, { cause })
  }
  throw new HeddleError('format', `${file}: expected an object, got another JSON value. Download it again.`)
}
