import { HeddleError, type PartSpec, show } from '@heddle/core'
import type { ActivationName, Module } from '@heddle/layers'
import * as z from 'zod'
import type { WeightName } from './weight-names.ts'

/** The content of config.json. */
export type CheckpointConfig = Readonly<Record<string, unknown>>

/** Settings as an architecture has them, or how those of a model of ours differ from them. */
export type Checked<T> = { readonly data: T } | { readonly differences: readonly string[] }

/** An architecture of transformers: how its config and its weights are written. */
export interface CheckpointFormat {
  /** `model_type` of config.json. */
  readonly modelType: string
  /**
   * The model of ours with these settings.
   *
   * @param as the model to build in place of the one that the config names, `{ type, … }` with settings of its head
   * @throws HeddleError `format` for settings that no model of ours has, `config` for a model that is not of this architecture
   */
  readConfig(config: CheckpointConfig, as?: PartSpec): PartSpec
  /** config.json of a model of ours; undefined for a model of another type. */
  writeConfig(spec: PartSpec): Checked<CheckpointConfig> | undefined
  /** The tensors of a model that {@link readConfig} describes. */
  weights(model: Module, spec: PartSpec): readonly WeightName[]
  /** The present name of a tensor under an older one; undefined for tensors that are not weights. */
  presentName(name: string, spec: PartSpec): string | undefined
  /** Whether a tensor belongs to a head that other models of this architecture have. */
  isOfOtherHead?(name: string): boolean
}

/** Activations by their names in transformers. */
export const ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  gelu: 'gelu',
  relu: 'relu',
  silu: 'silu',
  tanh: 'tanh',
}

/** The name of an activation in transformers; undefined for one that it does not have. */
export const activationNamed = (activation: string): string | undefined =>
  Object.keys(ACTIVATIONS).find((name) => ACTIVATIONS[name] === activation)

/** Checks the fields of a config.json that matter. */
export function parseCheckpointConfig<S extends z.ZodType>(schema: S, config: CheckpointConfig): z.output<S> {
  const result = schema.safeParse(config)
  if (result.success) return result.data
  const issues = result.error.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`)
  throw new HeddleError(
    'format',
    `config.json of a ${config['model_type']} model: expected settings that Heddle has, got ${issues.join('; ')}. Use another checkpoint.`,
  )
}

/** Checks the settings of a model of ours against those that an architecture has. */
export function checkSettings<S extends z.ZodType>(schema: S, settings: unknown): Checked<z.output<S>> {
  const result = schema.safeParse(settings)
  if (result.success) return { data: result.data }
  const differences = result.error.issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
    const expected = issue.code === 'unrecognized_keys' ? 'none' : issue.message.replace(/^.*expected /, '')
    return `${path.join('.')}: expected ${expected}, got ${show(valueAt(settings, path))}`
  })
  return { differences }
}

/** The value at a path, where a part may stand as its name. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const key of path) {
    if (typeof at === 'string' && key === 'type') continue
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined
  }
  return at
}

/** A field that must have one value where it is present, as no model of ours has another. */
export const only = (value: string | number | boolean | null) => z.literal(value).optional()

/** A part of a model of ours by name, or { type, … }. */
export const byName = <S extends z.ZodType>(schema: S) =>
  z.preprocess((part) => (typeof part === 'string' ? { type: part } : part), schema)
