import { floatTensor, HeddleError, type PartSpec, type RawTensor, writeSafetensors } from '@heddle/core'
import { type Adapter, adaptedLayers, type BuildContext, isLowRank, type LowRank, type Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { type LinearMap, linearMaps } from './adapted-maps.ts'
import { formatOfModel } from './checkpoint.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, PREFIX } from './load-adapters.ts'
import { taskTypeOf } from './peft-config.ts'
import { weightTensors } from './weight-names.ts'

// I input size, O output size, R rank

interface SavedMap {
  readonly map: LinearMap
  readonly rank: number
  readonly alpha: number
  readonly tensors: readonly (readonly [string, RawTensor])[]
}

/**
 * The files of a model's adapters in the layout of peft, adapter_config.json and adapter_model.safetensors, with modules that are
 * trained beside them. peft loads them onto the base model.
 *
 * Adapters of maps that transformers keeps as one, with a `down` each, become one adapter of all their ranks together, which
 * computes the same.
 *
 * @param spec the settings that the model was built from
 * @param baseModel name or folder of the base model, for peft
 * @throws HeddleError `config` for a model of no architecture of transformers, or adapters that peft does not have
 */
export async function saveAdapters(
  model: Module,
  spec: PartSpec,
  context: BuildContext,
  { baseModel }: { readonly baseModel?: string | undefined } = {},
): Promise<Map<string, Uint8Array>> {
  const { format, config, spec: full } = formatOfModel(spec, context, 'saveAdapters')
  const weights = format.weights(model, full)
  const maps = linearMaps(model, format, full)
  const covered = new Set(maps.flatMap(({ layers }) => layers))
  const adapters = adaptedLayers(model)
  const others = adapters.filter(([, layer]) => !covered.has(layer) || !isLowRank(layer.adapter))
  if (adapters.length === 0 || others.length > 0) {
    const got = adapters.length === 0 ? 'none' : others.map(([path]) => `another at '${path}'`).join(', ')
    throw new HeddleError(
      'config',
      `saveAdapters: expected low-rank adapters on linear maps of a '${format.modelType}' model, got ${got}. Save it as a run of Heddle.`,
    )
  }
  const rankStabilized = adapters.every(([, { adapter }]) => (adapter as unknown as LowRank).rankStabilized)
  const saved: SavedMap[] = []
  for (const map of maps) {
    if (map.layers.some(({ adapter }) => adapter !== undefined)) saved.push(await savedMap(map, rankStabilized))
  }
  const trained = weights.filter(({ parameters }) => parameters.some(({ trainable }) => trainable))
  const modules = [...new Set(trained.map(({ name }) => moduleOf(name)))]
  const whole = await weightTensors(weights.filter(({ name }) => modules.includes(moduleOf(name))))
  const tensors = new Map([
    ...saved.flatMap((each) => each.tensors),
    ...[...whole].map(([name, tensor]) => [PREFIX + name, tensor] as const),
  ])
  const [rank, alpha] = [mostFrequent(saved.map((each) => each.rank)), mostFrequent(saved.map((each) => each.alpha))]
  const pattern = (key: 'rank' | 'alpha', standard: number) =>
    Object.fromEntries(saved.filter((each) => each[key] !== standard).map((each) => [each.map.name, each[key]]))
  const settings = {
    peft_type: 'LORA',
    task_type: taskTypeOf((config['architectures'] as readonly unknown[] | undefined)?.[0]),
    base_model_name_or_path: baseModel ?? null,
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: (adapters[0]![1].adapter as unknown as LowRank).dropout.rate,
    use_rslora: rankStabilized,
    rank_pattern: pattern('rank', rank),
    alpha_pattern: pattern('alpha', alpha),
    target_modules: targetModules(saved, maps),
    modules_to_save: modules.length > 0 ? modules : null,
    fan_in_fan_out: saved.some(({ map }) => map.fanInFanOut),
    bias: 'none',
    init_lora_weights: true,
  }
  return new Map([
    [ADAPTER_CONFIG, new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`)],
    [ADAPTER_WEIGHTS, writeSafetensors(tensors, { format: 'pt' })],
  ])
}

const moduleOf = (weight: string) => weight.slice(0, weight.lastIndexOf('.'))

/** The adapters of the layers of a map as one. */
async function savedMap(map: LinearMap, rankStabilized: boolean): Promise<SavedMap> {
  const adapters = map.layers.map(({ adapter }) => adapter as (Adapter & LowRank) | undefined)
  const present = adapters.filter((adapter) => adapter !== undefined)
  const first = present[0]!
  const downs = [...new Set(present.map(({ down }) => down))]
  const rank = downs.reduce((sum, { shape }) => sum + shape[1]!, 0)
  const sameSettings = downs.length === 1 && first.rankStabilized === rankStabilized
  const alpha = sameSettings ? first.alpha : first.scale * (rankStabilized ? Math.sqrt(rank) : rank)
  const [a, b] = tf.tidy(() => {
    const down = tf.concat(
      downs.map(({ value }) => value as tf.Tensor),
      1,
    ) // [I, R]
    const ups = map.layers.map(({ weight }, i) => {
      const adapter = adapters[i]
      const O = weight.shape[1]!
      const rows = downs.map((each) =>
        adapter?.down === each
          ? adapter.scale === first.scale
            ? (adapter.up.value as tf.Tensor)
            : tf.mul(adapter.up.value, adapter.scale / first.scale)
          : tf.zeros([each.shape[1]!, O]),
      )
      return tf.concat(rows, 0) // [R, O of the layer]
    })
    return [tf.transpose(down), tf.transpose(tf.concat(ups, 1))] as const // [R, I], [O, R]
  })
  const values = { a: (await a.data()) as Float32Array, b: (await b.data()) as Float32Array }
  tf.dispose([a, b])
  return {
    map,
    rank,
    alpha,
    tensors: [
      [`${PREFIX}${map.name}.lora_A.weight`, floatTensor([rank, map.inputSize], values.a)],
      [`${PREFIX}${map.name}.lora_B.weight`, floatTensor([map.outputSize, rank], values.b)],
    ],
  }
}

/** The last names of the modules where these mean no others, or else their whole names. */
function targetModules(saved: readonly SavedMap[], maps: readonly LinearMap[]): string[] {
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1)
  const names = new Set(saved.map(({ map }) => last(map.name)))
  const meant = maps.filter(({ name }) => names.has(last(name)))
  return meant.length === saved.length ? [...names].sort() : saved.map(({ map }) => map.name)
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
}
