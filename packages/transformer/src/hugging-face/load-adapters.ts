import {
  type FileFolder,
  HeddleError,
  nearestNames,
  openFile,
  openSafetensors,
  type PartSpec,
  type TensorSource,
  takeValues,
} from '@heddle/core'
import {
  type Adaptable,
  type AdapterFolder,
  adaptableLayers,
  adaptedLayers,
  type BuildContext,
  type LoadedAdapters,
  type LowRank,
  LowRankAdapter,
  type Module,
  namedParameters,
  Parameter,
  setTrainable,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type LinearMap, linearMaps } from './adapted-maps.ts'
import { formatOfModel } from './checkpoint.ts'
import type { CheckpointFormat } from './checkpoint-format.ts'
import { alphaOf, type PeftConfig, parsePeftConfig } from './peft-config.ts'
import { assignWeights, type WeightName } from './weight-names.ts'

// I input size, O output size, R rank

export const ADAPTER_CONFIG = 'adapter_config.json'
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors'
export const PREFIX = 'base_model.model.'

/**
 * The base model that a folder of peft names, and the number of labels of a head in it; undefined for a folder without
 * adapter_config.json.
 *
 * @throws HeddleError `format` for adapters that Heddle does not have, `file` for a folder without weights
 */
export async function adaptersIn(folder: FileFolder): Promise<AdapterFolder | undefined> {
  const bytes = await folder.read(ADAPTER_CONFIG)
  if (bytes === undefined) return undefined
  const { base_model_name_or_path: base } = parsePeftConfig(parseJson(bytes), ADAPTER_CONFIG)
  return await withWeights(folder, async ({ tensors }) => {
    const head = [...tensors].find(([name]) => /\.(classifier|score|classifier\.out_proj)\.weight$/.test(name))
    return { base: base ?? undefined, numLabels: head?.[1].shape[0] }
  })
}

async function withWeights<T>(folder: FileFolder, body: (source: TensorSource) => Promise<T>): Promise<T> {
  const file = await openFile(folder, ADAPTER_WEIGHTS)
  if (file === undefined) {
    throw new HeddleError('file', `Adapter: expected ${ADAPTER_WEIGHTS}, got none. Name the folder that peft saved.`)
  }
  try {
    return await body(await openSafetensors(file, ADAPTER_WEIGHTS))
  } finally {
    await file.close()
  }
}

/**
 * Reads a LoRA adapter in the layout of peft, adapter_config.json and adapter_model.safetensors, and gives it to a model of its
 * base architecture. Everything but the adapter, and the modules that were saved with it, is frozen.
 *
 * A map that transformers keeps as one and Heddle as several, such as GPT-2's c_attn, becomes several adapters with one `down`.
 *
 * @param spec the settings that the model was built from
 * @returns the base model that the adapter names, if it does
 * @throws HeddleError `file`, `format`, `config`, or `state-dict`, listing every tensor that does not fit; the model is as it was
 */
export async function loadAdapters(
  model: Module,
  spec: PartSpec,
  folder: FileFolder,
  context: BuildContext,
): Promise<LoadedAdapters & { readonly baseModel: string | undefined }> {
  const bytes = await folder.read(ADAPTER_CONFIG)
  if (bytes === undefined) {
    throw new HeddleError('file', `Adapter: expected ${ADAPTER_CONFIG}, got none. Name the folder that peft saved.`)
  }
  const config = parsePeftConfig(parseJson(bytes), ADAPTER_CONFIG)
  const { format, spec: full } = formatOfModel(spec, context, 'loadAdapters')
  return await withWeights(folder, async (source) => {
    const found = matchTensors(model, format, full, source)
    setTrainable(model, () => true, false)
    for (const { map, down, up } of found.adapted) {
      const settings = { rank: source.tensors.get(down)!.shape[0]!, alpha: alphaOf(config, map.name) }
      const tensors = { down: await source.read(down), up: await source.read(up) }
      tf.tidy(() => {
        const a = tf.tensor(takeValues(tensors.down) as Float32Array, [...tensors.down.shape]) // [R, I]
        const b = tf.tensor(takeValues(tensors.up) as Float32Array, [...tensors.up.shape]) // [O, R]
        adapt(map, { ...settings, ...common(config) }, tf.transpose(a), tf.transpose(b), context)
      })
    }
    await assignWeights(
      found.saved.map(({ weight }) => weight),
      {
        tensors: new Map(found.saved.map(({ weight, key }) => [weight.name, source.tensors.get(key)!])),
        read: (name) => source.read(PREFIX + name),
      },
    )
    for (const { weight } of found.saved) for (const parameter of weight.parameters) parameter.trainable = true
    return {
      baseModel: config.base_model_name_or_path ?? undefined,
      settings: settingsOf(model, found, config),
      restored: found.saved.map(({ weight }) => weight.name),
    }
  })
}

/** Settings with which a model gets adapters like these; undefined where one setting does not do for all. */
function settingsOf(model: Module, { adapted, saved }: ReturnType<typeof matchTensors>, config: PeftConfig) {
  const layers = adaptedLayers(model)
  const adapters = layers.map(([, { adapter }]) => adapter as unknown as LowRank)
  const { rank, alpha } = adapters[0]!
  if (adapters.some((each) => each.rank !== rank || each.alpha !== alpha)) return undefined
  const nameOf = (path: string) => path.slice(path.lastIndexOf('.') + 1)
  const names = new Set(layers.map(([path]) => nameOf(path)))
  const meant = adaptableLayers(model).filter(([path]) => names.has(nameOf(path)))
  const whole = new Set(saved.flatMap(({ weight }) => weight.parameters))
  const alsoTrain = namedParameters(model).flatMap(([path, parameter]) => (whole.has(parameter) ? [path] : []))
  const together = new Set(adapted.flatMap(({ map }) => (map.layers.length > 1 ? map.layers : [])))
  const shared = new Set(layers.flatMap(([path, layer]) => (together.has(layer) ? [nameOf(path)] : [])))
  return {
    ...{ type: 'lora', rank, alpha, ...common(config) },
    targets: meant.length === layers.length ? [...names] : layers.map(([path]) => path),
    ...(alsoTrain.length > 0 && { alsoTrain }),
    ...(shared.size > 0 && { shared: [...shared] }),
  }
}

const common = ({ lora_dropout, use_rslora }: PeftConfig) => ({ dropout: lora_dropout, rankStabilized: use_rslora })

/**
 * @param down [I, R]
 * @param up [R, O], of all layers side by side
 */
function adapt(
  { layers, inputSize }: LinearMap,
  settings: ConstructorParameters<typeof LowRankAdapter>[0],
  down: tf.Tensor,
  up: tf.Tensor,
  { rng }: BuildContext,
): void {
  const shared = new Parameter(down.shape, (shape) => new Float32Array(shape[0]! * shape[1]!), rng)
  shared.assign(down)
  const sizes = layers.map(({ weight }) => weight.shape[1]!)
  const parts = layers.length === 1 ? [up] : tf.split(up, sizes, 1)
  for (const [i, layer] of layers.entries()) {
    const adapter = new LowRankAdapter(settings, { inputSize, outputSize: sizes[i]! }, rng, shared)
    adapter.up.assign(parts[i]!)
    adapter.training = layer.training
    ;(layer as Adaptable).adapter = adapter
  }
}

/** The tensors of each adapter, and those of modules that were saved whole. */
function matchTensors(model: Module, format: CheckpointFormat, spec: PartSpec, { tensors }: TensorSource) {
  const maps = new Map(linearMaps(model, format, spec).map((map) => [map.name, map]))
  const weights = new Map(format.weights(model, spec).map((weight) => [weight.name, weight]))
  const halves = new Map<string, { down?: string; up?: string }>()
  const saved: { readonly weight: WeightName; readonly key: string }[] = []
  const problems: string[] = []
  for (const key of tensors.keys()) {
    const [, module, half] = /^(.*)\.lora_([AB])(?:\.default)?\.weight$/.exec(key.replace(PREFIX, '')) ?? []
    const name = format.presentName(module === undefined ? key.replace(PREFIX, '') : `${module}.weight`, spec) ?? key
    const map = module === undefined ? undefined : maps.get(name.replace(/\.weight$/, ''))
    const weight = module === undefined ? weights.get(name) : undefined
    if (map !== undefined) halves.set(map.name, { ...halves.get(map.name), [half === 'A' ? 'down' : 'up']: key })
    else if (weight !== undefined) saved.push({ weight, key })
    else {
      const [near] = nearestNames(
        key,
        [...maps.keys()].map((known) => `${PREFIX}${known}.lora_A.weight`),
        1,
      )
      problems.push(`unexpected '${key}'${near === undefined ? '' : ` (is it '${near}'?)`}`)
    }
  }
  const adapted = [...halves].map(([name, { down, up }]) => {
    const map = maps.get(name)!
    if (map.layers.some(({ adapter }) => adapter !== undefined)) problems.push(`'${name}' has an adapter already`)
    if (down === undefined) problems.push(`missing '${PREFIX}${name}.lora_A.weight'`)
    if (up === undefined) problems.push(`missing '${PREFIX}${name}.lora_B.weight'`)
    const rank = tensors.get(down ?? '')?.shape[0] ?? tensors.get(up ?? '')?.shape[1]
    for (const [key, shape] of [
      [down, [rank, map.inputSize]],
      [up, [map.outputSize, rank]],
    ] as const) {
      const tensor = tensors.get(key ?? '')
      if (tensor === undefined) continue
      if (`${tensor.shape}` !== `${shape}`) problems.push(`'${key}': expected [${shape}], got [${tensor.shape}]`)
      else if (!/^(F|BF)(16|32|64)$/.test(tensor.dtype)) problems.push(`'${key}': expected floats, got ${tensor.dtype}`)
    }
    return { map, down: down!, up: up! }
  })
  if (problems.length > 0 || adapted.length === 0) {
    throw new HeddleError(
      'state-dict',
      `Adapter: the weights do not fit the model: ${problems.join('; ') || 'no adapter is in the file'}. Load the model that the adapter was trained for.`,
    )
  }
  return { adapted, saved }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new HeddleError('format', `${ADAPTER_CONFIG}: expected JSON, got ${String(cause)}. Save the adapter again.`, {
      cause,
    })
  }
}
