import { HeddleError, type PartSpec, type Registry } from '@heddle/core'
import { adaptersIn, openStartingPoint, type StartingPoint } from '@heddle/tasks'
import { FolderStore } from '@heddle/trainer/node'
import type { Interruption } from './interruptible.ts'
import type { Output } from './output.ts'
import { openPretrained } from './pretrained.ts'

/** The model to start from, and the paths of the weights to take over. */
export interface OriginOptions {
  readonly from?: string | undefined
  readonly fromWeights?: readonly string[] | undefined
  /** The base model of adapters, in place of the one that they name. */
  readonly fromBase?: string | undefined
  readonly mergeAdapters?: boolean | undefined
  readonly interruption: Interruption
}

/** The model that --from names. */
export async function startingPoint(
  { from, fromWeights = [], fromBase, mergeAdapters = false, interruption }: OriginOptions,
  as: PartSpec | undefined,
  registry: Registry,
  output: Output,
): Promise<StartingPoint | undefined> {
  if (from === undefined) {
    const given = [
      ...(fromWeights.length > 0 ? ['--from-weights'] : []),
      ...(fromBase !== undefined ? ['--from-base'] : []),
      ...(mergeAdapters ? ['--merge-adapters'] : []),
    ]
    if (given.length === 0) return undefined
    throw new HeddleError('usage', `train ${given.join(', ')}: expected --from beside it, got none. Name the run.`)
  }
  const { folder, name } = await openPretrained(from, interruption, output)
  const store = new FolderStore(folder)
  const adapters = await adaptersIn(store, registry)
  const shared = { registry, name, as, ...(fromWeights.length > 0 && { weights: fromWeights }) }
  if (adapters === undefined) {
    if (fromBase === undefined && !mergeAdapters) return openStartingPoint({ ...shared, store })
    throw new HeddleError(
      'usage',
      `train --from ${from}: expected a folder of peft beside --from-base or --merge-adapters, got one without adapter_config.json. Leave the options out.`,
    )
  }
  const base = fromBase ?? adapters.base
  if (base === undefined) {
    throw new HeddleError(
      'usage',
      `train --from ${from}: expected --from-base, as the adapters name no base_model_name_or_path, got none. Name the model that they belong to.`,
    )
  }
  const opened = await openPretrained(base, interruption, output).catch((cause: unknown) => {
    if (fromBase !== undefined || !(cause instanceof HeddleError)) throw cause
    throw new HeddleError(
      cause.code,
      `train --from ${from}: expected the base model that adapter_config.json names, got none: ${cause.message} Name it with --from-base.`,
      { cause },
    )
  })
  return openStartingPoint({
    ...shared,
    ...{ store: new FolderStore(opened.folder), adapters: store, base: opened.name, mergeAdapters },
  })
}
