import { ExtensionPoint, type FileFolder, type PartSpec } from '@heddle/core'
import type { Module } from './module.ts'
import type { Parameter } from './parameter.ts'
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
    /** The parameters of `drawn`. */
    readonly drawnParameters?: ReadonlySet<Parameter>
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
  /** Reads the settings of a folder of adapters; undefined for a folder of something else. @throws HeddleError `format` for adapters that Heddle lacks */
  adaptersIn(folder: FileFolder): Promise<AdapterFolder | undefined>
  /** Reads adapters onto a model of their base. @throws HeddleError `state-dict`, listing all that does not fit; the model is as it was */
  loadAdapters(model: Module, spec: PartSpec, folder: FileFolder, context: BuildContext): Promise<LoadedAdapters>
  /** The files of a model's adapters alone. @throws HeddleError `config` for adapters that the layout does not have */
  saveAdapters(
    model: Module,
    spec: PartSpec,
    context: BuildContext,
    options: { readonly baseModel?: string | undefined },
  ): Promise<ReadonlyMap<string, Uint8Array>>
}

/** The model that the adapters of a folder belong to, as the folder names it. */
export interface AdapterFolder {
  /** Name or folder of the base model. */
  readonly base: string | undefined
  /** Number of labels of a head that lies beside the adapters. */
  readonly numLabels?: number | undefined
}

/** Adapters that were read from a folder onto a model. */
export interface LoadedAdapters {
  /** Settings of `training.adapters` with which a model gets the same ones; undefined where they have several ranks or strengths. */
  readonly settings: Readonly<Record<string, unknown>> | undefined
  /** Names of weights of the model that lay beside the adapters, as in `drawn`. */
  readonly restored: readonly string[]
}

/** Layouts of folders that hold trained models, for `--from` and `heddle export`. */
export const pretrainedPoint = new ExtensionPoint<PretrainedFormat, undefined>('pretrained')
