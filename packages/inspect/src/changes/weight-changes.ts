import { HeddleError, periodicYield } from '@heddle/core'
import type { Parameter } from '@heddle/layers'
import type { Abortable, Exhibit, Task } from '@heddle/tasks'
import { type MatchedParameters, matchingParameters } from './matching-parameters.ts'

/** Change of a parameter, or of the parameters of a layer together, between two models. */
export interface WeightChange {
  readonly path: string
  /** Number of elements. */
  readonly size: number
  /** Frobenius norm before. */
  readonly norm: number
  /** ‖after - before‖ / ‖before‖; infinite for a change from zero. */
  readonly change: number
}

/** Changes of the layers of a model from those of another one. */
export interface WeightChangesExhibit extends Exhibit {
  readonly kind: 'weight-changes'
  readonly before: string
  readonly after: string
  /** In the order of the model. */
  readonly layers: readonly WeightChange[]
  readonly parameters: readonly WeightChange[]
  /** Parameters that the other model lacks, or has in another shape. */
  readonly onlyAfter: readonly string[]
  readonly onlyBefore: readonly string[]
}

/**
 * Relative change of each layer from one model to another of the same architecture, such as a pre-trained model and a fine-tuned one.
 *
 *     change = ‖W_after - W_before‖_F / ‖W_before‖_F
 *
 * A layer is the path up to its first number (`encoder.layers.3`), elsewhere the module that holds the parameter.
 *
 * @throws HeddleError `usage` for models without a parameter in common
 */
export async function weightChanges(
  after: Task,
  before: Task,
  { signal }: Abortable = {},
): Promise<WeightChangesExhibit> {
  const matched = matchingParameters(after.model, before.model)
  checkMatches(matched, after, before)
  const parameters: (Squares & { path: string; size: number })[] = []
  const yieldNow = periodicYield(signal)
  for (const { path, first, second } of matched.matches) {
    await yieldNow()
    parameters.push({ path, size: first.size, ...(await squares(second, first)) })
  }
  const layers = new Map<string, Squares & { path: string; size: number }>()
  for (const { path, size, before: norm, change } of parameters) {
    const name = layerOf(path)
    const layer = layers.get(name) ?? { path: name, size: 0, before: 0, change: 0 }
    layers.set(name, { ...layer, size: layer.size + size, before: layer.before + norm, change: layer.change + change })
  }
  return {
    kind: 'weight-changes',
    title: 'Change of the weights by layer',
    before: before.where,
    after: after.where,
    layers: [...layers.values()].map(relative),
    parameters: parameters.map(relative),
    onlyAfter: matched.onlyFirst,
    onlyBefore: matched.onlySecond,
  }
}

/** @throws HeddleError `usage` */
export function checkMatches({ matches }: MatchedParameters, one: Task, other: Task): void {
  if (matches.length > 0) return
  throw new HeddleError(
    'usage',
    `${other.where}: expected a model with parameters of the paths and shapes of ${one.where} ('${one.modelSpec.type}'), got '${other.modelSpec.type}' without any. Use two runs of one architecture.`,
  )
}

/** Sums of squares. */
interface Squares {
  readonly before: number
  readonly change: number
}

async function squares(before: Parameter, after: Parameter): Promise<Squares> {
  const [a, b] = await Promise.all([before.value.data(), after.value.data()])
  let [norm, change] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    norm += a[i]! * a[i]!
    change += (b[i]! - a[i]!) ** 2
  }
  return { before: norm, change }
}

function relative({ path, size, before, change }: Squares & { path: string; size: number }): WeightChange {
  const share = change === 0 ? 0 : Math.sqrt(change / before)
  return { path, size, norm: Math.sqrt(before), change: share }
}

function layerOf(path: string): string {
  const names = path.split('.')
  const number = names.findIndex((name) => /^\d+$/.test(name))
  return names.slice(0, number === -1 ? -1 : number + 1).join('.') || path
}
