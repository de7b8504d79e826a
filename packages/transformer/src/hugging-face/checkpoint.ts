import { HeddleError, type PartSpec, type RawTensor, readSafetensors, suggest, writeSafetensors } from '@heddle/core'
import { type BuildContext, disposeParameters, type Module, modelPoint } from '@heddle/layers'
import type { CheckpointConfig, CheckpointFormat } from './checkpoint-format.ts'
import { gpt2Checkpoint } from './gpt2.ts'
import { llamaCheckpoint, qwen3Checkpoint } from './llama.ts'
import { marianCheckpoint } from './marian.ts'
import { assignWeights, weightTensors } from './weight-names.ts'

const formats: readonly CheckpointFormat[] = [gpt2Checkpoint, llamaCheckpoint, qwen3Checkpoint, marianCheckpoint]

const [CONFIG, WEIGHTS, INDEX] = ['config.json', 'model.safetensors', 'model.safetensors.index.json']

/** Reads a file of a checkpoint; undefined where there is none. */
export type ReadFile = (file: string) => Promise<Uint8Array | undefined>

/**
 * Reads a checkpoint in the layout of transformers: config.json and the weights, in one file or in several with an index. Weights
 * are float32, float16 or bfloat16.
 *
 * @returns the model, in training mode, and its settings
 * @throws HeddleError `file`, `format`, or `state-dict`, listing every missing and unexpected tensor
 */
export async function loadCheckpoint(
  read: ReadFile,
  context: BuildContext,
): Promise<{ readonly model: Module; readonly spec: PartSpec }> {
  const config = await readJson(read, CONFIG)
  const format = formatOf(config)
  const spec = format.readConfig(config)
  const tensors = new Map<string, RawTensor>()
  for (const [saved, tensor] of await readTensors(read)) {
    const name = format.presentName(saved)
    if (name !== undefined) tensors.set(name, tensor)
  }
  // Parameters take memory when they are first set, so nothing is allocated before the checks.
  const model = context.registry.create(modelPoint, spec, context)
  const names = format.weights(model)
  // The head of a tied model may be saved beside the table that it is.
  if (!names.some(({ name }) => name === 'lm_head.weight') && config['tie_word_embeddings'] !== false) {
    tensors.delete('lm_head.weight')
  }
  try {
    assignWeights(names, tensors)
  } catch (error) {
    disposeParameters(model)
    throw error
  }
  return { model, spec }
}

/**
 * The files of a checkpoint in the layout of transformers, with float32 weights.
 *
 * @param spec the settings that the model was built from
 * @throws HeddleError `config` for a model that is of no architecture of transformers
 */
export async function saveCheckpoint(
  model: Module,
  spec: PartSpec,
  context: BuildContext,
): Promise<Map<string, Uint8Array>> {
  const { type, version: _, ...rest } = spec
  const full = { type, ...(context.registry.configOf(modelPoint, { type, ...rest }) as object) }
  for (const format of formats) {
    const config = format.writeConfig(full)
    if (config === undefined) continue
    const tensors = await weightTensors(format.weights(model))
    return new Map([
      [CONFIG, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`)],
      [WEIGHTS, writeSafetensors(tensors, { format: 'pt' })],
    ])
  }
  throw new HeddleError(
    'config',
    `saveCheckpoint: expected a model with the parts of ${formats.map(({ modelType }) => modelType).join(', ')}, got another combination of parts in '${type}'. Save it as a run of Heddle.`,
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

async function readTensors(read: ReadFile): Promise<Map<string, RawTensor>> {
  const whole = await read(WEIGHTS)
  if (whole !== undefined) return new Map(readSafetensors(whole, WEIGHTS).tensors)
  const index = await readJson(read, INDEX, `${WEIGHTS} or ${INDEX}`)
  const shards = new Set(Object.values((index['weight_map'] ?? {}) as Record<string, string>))
  const tensors = new Map<string, RawTensor>()
  for (const shard of shards) {
    const bytes = await read(shard)
    if (bytes === undefined) {
      throw new HeddleError(
        'file',
        `${INDEX}: expected the file ${shard}, got none. Download all parts of the checkpoint.`,
      )
    }
    for (const [name, tensor] of readSafetensors(bytes, shard).tensors) tensors.set(name, tensor)
  }
  return tensors
}

async function readJson(read: ReadFile, file: string, expected = file): Promise<CheckpointConfig> {
  const bytes = await read(file)
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
