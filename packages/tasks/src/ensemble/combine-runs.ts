import {
  HeddleError,
  type PartSpec,
  periodicYield,
  type Registry,
  readSafetensors,
  show,
  writeSafetensors,
} from '@heddle/core'
import type { StateDict } from '@heddle/layers'
import { modelPoint } from '@heddle/layers'
import { averageStateDictsAsync, type RunStore } from '@heddle/trainer'
import { readJson, writeJson } from '../run/json-file.ts'
import { restoreTask } from '../run/open-run.ts'
import { type RunConfig, readRunConfig, writeRunConfig } from '../run/run-config.ts'
import { pluginsOf } from '../run/used-parts.ts'
import type { Abortable, AnyPipeline } from '../task/pipeline.ts'
import { isObject } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import type { TrainingSettings } from '../task/training-settings.ts'

const WEIGHTS = 'model.safetensors'

/** A trained run by its name for messages, such as its folder. */
export interface MemberRun {
  readonly name: string
  readonly store: RunStore
}

interface Member extends MemberRun {
  readonly config: RunConfig
  /** The learned assets as JSON, by file name. */
  readonly files: ReadonlyMap<string, unknown>
  readonly combining: Task['combining']
  /** Files that are made of those of all members, of the first one. */
  readonly combined?: ReadonlyMap<string, unknown>
  readonly activation: AnyPipeline['activation']
  readonly weights: StateDict
}

/**
 * Writes a run whose model is the ensemble of the models of others: it holds copies of their weights. The runs are of one task with
 * the same tokenizer, labels and the like; their models may differ.
 *
 * @throws HeddleError `usage`, which names what differs
 */
export async function writeEnsemble(
  runs: readonly MemberRun[],
  store: RunStore,
  registry: Registry,
  { signal }: Abortable = {},
): Promise<void> {
  const members = await readMembers('ensemble', runs, registry, signal)
  const weights: StateDict = new Map(
    members.flatMap((member, i) =>
      [...member.weights].map(([path, tensor]) => [`members.${i}.${path}`, tensor] as const),
    ),
  )
  const parts = new Map(
    members.flatMap(({ config }) => config.parts).map((part) => [`${part.kind} ${part.name}`, part]),
  )
  const { name: plugin } = registry.providerOf(modelPoint, 'ensemble')
  parts.set('model ensemble', { kind: modelPoint.kind, name: 'ensemble', plugin })
  const [first] = members as [Member]
  const model: PartSpec = {
    type: 'ensemble',
    members: members.map((member) => member.config.model),
    ...(first.activation !== undefined && { activation: first.activation }),
  }
  const config = { ...first.config, model, parts: [...parts.values()] }
  // A task that cannot use the ensemble says so before a run is written.
  const names = members.map(({ name }) => name).join(' + ')
  const task = await restoreTask({ store: first.store, registry, name: `ensemble of ${names}` }, config)
  task.dispose()
  signal?.throwIfAborted()
  await writeRun(store, first, config, weights, registry)
}

/**
 * Writes a run whose weights are the mean of those of others with the same model; of one run those of its best validations.
 *
 * @returns warnings: runs that started from different weights
 * @throws HeddleError `usage`, which lists the settings that differ
 * @see Wortsman et al. 2022, "Model soups"
 */
export async function writeAverage(
  runs: readonly MemberRun[],
  store: RunStore,
  registry: Registry,
  { signal }: Abortable = {},
): Promise<readonly string[]> {
  const members = await readMembers('average', runs, registry, signal)
  const [first] = members as [Member]
  for (const { name, config } of members.slice(1)) {
    const differences = differencesOf(first.config.model, config.model, 'model')
    if (differences.length > 0) {
      throw new HeddleError(
        'usage',
        `average: expected runs with the same model, got ${first.name} and ${name}, which differ in ${differences.join(', ')}. Combine their probabilities with an ensemble instead.`,
      )
    }
  }
  const states = members.length > 1 ? members.map(({ weights }) => weights) : await bestWeights(first)
  await writeRun(store, first, first.config, await averageStateDictsAsync(states, { signal }), registry)
  return members
    .slice(1)
    .flatMap(({ name, config }) =>
      startsApart(first.config, config)
        ? [
            `${first.name} (seed ${first.config.seed}) and ${name} (seed ${config.seed}) started from different weights, whose mean is rarely a good model. Train both with --from one run, or combine their probabilities with an ensemble.`,
          ]
        : [],
    )
}

/** Whether two runs began with weights that were drawn at random from different seeds; false where that is not known. */
const startsApart = (a: RunConfig, b: RunConfig): boolean =>
  a.from === undefined && b.from === undefined && a.seed !== null && b.seed !== null && a.seed !== b.seed

/** The weights of the best validations that a run has kept. */
async function bestWeights({ name, store }: Member): Promise<StateDict[]> {
  const paths = (await store.list('trainer')).filter((path) => /\/best-\d+\.safetensors$/.test(path))
  if (paths.length < 2) {
    throw new HeddleError(
      'usage',
      `average: expected several runs, or one that keeps the weights of several validations, got ${name}, which keeps ${paths.length}. Train it with --set training.keepBest=5.`,
    )
  }
  return Promise.all(paths.map(async (path) => readSafetensors((await store.read(path))!, path).tensors))
}

/** @param way for messages */
async function readMembers(
  way: string,
  runs: readonly MemberRun[],
  registry: Registry,
  signal: AbortSignal | undefined,
): Promise<Member[]> {
  if (runs.length === 0)
    throw new HeddleError('usage', `${way}: expected at least one run, got none. Name their folders.`)
  const members: Member[] = []
  const yieldNow = periodicYield(signal)
  for (const run of runs) {
    await yieldNow()
    members.push(await readMember(run, registry))
  }
  const [first, ...others] = members as [Member, ...Member[]]
  const combined = new Map(
    [...first.combining].map(([path, combine]) => [path, combine(members.map(({ files }) => files.get(path)))]),
  )
  for (const { name, config, files } of others) {
    if (config.task.type !== first.config.task.type) {
      throw new HeddleError(
        'usage',
        `${way}: expected runs of one task, got '${first.config.task.type}' in ${first.name} and '${config.task.type}' in ${name}. Combine runs of one recipe.`,
      )
    }
    const paths = [...new Set([...first.files.keys(), ...files.keys()])]
    const isSame = (path: string) =>
      combined.get(path) !== undefined || JSON.stringify(files.get(path)) === JSON.stringify(first.files.get(path))
    const other = paths.filter((path) => !isSame(path))
    if (other.length > 0) {
      throw new HeddleError(
        'usage',
        `${way}: expected runs that learned the same ${other.join(', ')}, got other content in ${first.name} and ${name}. Train them on the same data: with --set data.seed=1 runs of several seeds share their examples.`,
      )
    }
  }
  return [{ ...first, combined }, ...others]
}

async function readMember({ name, store }: MemberRun, registry: Registry): Promise<Member> {
  const config = await readRunConfig(store, registry, name)
  const { adapters } = config.task['training'] as TrainingSettings
  const bytes = await store.read(WEIGHTS)
  if (bytes === undefined) {
    throw new HeddleError('file', `${name}: expected ${WEIGHTS}, got none: the run is not trained to its end.`)
  }
  if (adapters !== undefined) {
    throw new HeddleError(
      'usage',
      `${name}: expected a run without adapters, got training.adapters. Start a run from it with --from, which merges them.`,
    )
  }
  const task = await restoreTask({ store, registry, name }, config)
  const { files, combining } = task
  const { learning, activation } = task.pipeline
  const isCounted = 'fit' in learning
  task.dispose()
  if (isCounted) {
    throw new HeddleError('usage', `${name}: expected a model with weights, got '${config.model.type}', which counts.`)
  }
  return {
    name,
    store,
    config,
    files,
    combining,
    activation,
    weights: readSafetensors(bytes, `${name}/${WEIGHTS}`).tensors,
  }
}

async function writeRun(
  store: RunStore,
  { files, combined, name, store: own }: Member,
  config: RunConfig,
  weights: StateDict,
  registry: Registry,
): Promise<void> {
  const training = { ...(config.task['training'] as TrainingSettings), freeze: undefined }
  for (const file of files.keys()) {
    await writeJson(store, file, combined?.get(file) ?? (await readJson(own, file, name)))
  }
  await store.write(WEIGHTS, writeSafetensors(weights, { format: 'pt' }))
  await writeRunConfig(store, {
    ...config,
    task: { ...config.task, training },
    plugins: pluginsOf(config.parts, registry),
  })
}

/** The paths at which two values differ, with both values. */
function differencesOf(a: unknown, b: unknown, path: string): string[] {
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => differencesOf(a[key], b[key], `${path}.${key}`))
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`${path} (${show(a)}, ${show(b)})`]
}
