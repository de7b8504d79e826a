import { ExtensionPoint, type FileFolder, type PartSpec } from '@heddle/core'
import type { Module } from './module.ts'
import type { BuildContext } from './points.ts'

/** A layout of folders that hold trained models, such as that of transformers. */
export interface PretrainedFormat {
  /** Whether a folder with this config.json is of the layout. */
  reads(config: Readonly<Record<string, unknown>>): boolean
  /**
   * @param options.as the model to build in place of the folder's own, `{ type, … }` with settings of its head
   * @returns the model with its weights, and its settings; the names of weights that were drawn, as the folder lacks them, and of
   *   those in the folder that the model does not have
   */
  load(
    folder: FileFolder,
    context: BuildContext,
    options?: { readonly as?: PartSpec },
  ): Promise<{
    readonly model: Module
    readonly spec: PartSpec
    readonly drawn?: readonly string[]
    readonly unused?: readonly string[]
  }>
  /** The settings of a model as config.json has them. @throws HeddleError `config`, as {@link PretrainedFormat.save} does */
  config(spec: PartSpec, context: BuildContext): Readonly<Record<string, unknown>>
  /**
   * The files of a model.
   *
   * @param fields further fields of config.json
   * @throws HeddleError `config` for a model that the layout does not have, saying what differs
   */
  save(
    model: Module,
    spec: PartSpec,
    context: BuildContext,
    fields?: Readonly<Record<string, unknown>>,
  ): Promise<ReadonlyMap<string, Uint8Array>>
  /** The files of a model's adapters alone. @throws HeddleError `config` for adapters that the layout does not have */
  saveAdapters(
    model: Module,
    spec: PartSpec,
    context: BuildContext,
    options: { readonly baseModel?: string | undefined },
  ): Promise<ReadonlyMap<string, Uint8Array>>
}

/** Layouts of folders that hold trained models, for `--from` and `heddle export`. */
export const pretrainedPoint = new ExtensionPoint<PretrainedFormat, undefined>('pretrained')
