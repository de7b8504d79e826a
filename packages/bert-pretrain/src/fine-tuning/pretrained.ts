import { type FileFolder, HeddleError, type PartSpec } from '@heddle/core'
import type { BuildContext, Module } from '@heddle/layers'
import { Tokenizer } from '@heddle/tokenizer'
import { loadCheckpoint } from '@heddle/transformer'
import type { ProblemType } from './classify-texts.ts'

/** A model of transformers with its tokenizer and labels. */
export interface Pretrained {
  readonly model: Module
  readonly spec: PartSpec
  readonly tokenizer: Tokenizer
  /** Names of the labels by id; empty for models without labels. */
  readonly labels: readonly string[]
  readonly problemType: ProblemType | undefined
  /** Largest number of tokens that the model reads. */
  readonly maxLength: number
  /** Names of the weights that were drawn from the seed, as the folder lacks them. */
  readonly drawn: readonly string[]
  /** Names of the weights in the folder that the model does not have. */
  readonly unused: readonly string[]
}

/**
 * Reads a folder in the layout of transformers: config.json, the weights and the tokenizer.
 *
 * @param as the model to build in place of the one that config.json names
 * @throws HeddleError `file`, `format` or `state-dict`
 */
export async function loadPretrained(folder: FileFolder, context: BuildContext, as?: PartSpec): Promise<Pretrained> {
  const tokenizer = await Tokenizer.fromFolder(folder)
  const { model, spec, config, drawn, unused } = await loadCheckpoint(folder, context, as && { as })
  const { numLabels = 0 } = spec as { readonly numLabels?: number }
  const { problem_type: problemType } = config as { readonly problem_type?: ProblemType | null }
  const shared = { model, spec, tokenizer, drawn, unused, problemType: problemType ?? undefined }
  return { ...shared, labels: labelsOf(config['id2label'], numLabels), maxLength: maxLengthOf(tokenizer, model) }
}

function labelsOf(id2label: unknown, numLabels: number): string[] {
  const names = (id2label ?? {}) as Readonly<Record<string, string>>
  const isComplete = Object.keys(names).length === numLabels
  return Array.from({ length: numLabels }, (_, i) => (isComplete && names[i]) || `LABEL_${i}`)
}

/** The smaller of the limits of the tokenizer and of the table of positions. */
function maxLengthOf({ settings }: Tokenizer, model: Module): number {
  const { encoder } = model as { readonly encoder?: { readonly maxPositions?: number } }
  const limits = [settings.maxLength, encoder?.maxPositions].filter((limit) => limit !== undefined)
  if (limits.length > 0) return Math.min(...limits)
  throw new HeddleError(
    'format',
    'loadPretrained: expected a model or a tokenizer with a largest length, got neither. Set model_max_length in tokenizer_config.json.',
  )
}
