import { HeddleError } from '@heddle/core'
import { type AttentionExhibit, type Task, translating } from '@heddle/tasks'
import type { AttentionHeadsExhibit } from './attention-heads.ts'
import { type HeadAttentionOptions, headAttention } from './head-attention.ts'

const MAX_LENGTH = 100

/** The text that a recurrent model writes for a source, with its attention over the source at each token. */
export interface WrittenAttention extends AttentionExhibit {
  readonly text: string
  /** Sum of the log probabilities of the tokens. */
  readonly logProbability: number
}

/**
 * Attention of any model that has it: by layer and head where it has heads (see {@link headAttention}), otherwise the attention of a
 * recurrent decoder over the source while it writes a text, the most probable token at each step.
 *
 * @throws HeddleError `usage` when the task reads no text, or its model has no attention
 */
export async function inspectAttention(
  task: Task,
  text: string,
  options: HeadAttentionOptions = {},
): Promise<AttentionHeadsExhibit | WrittenAttention> {
  const heads = await headAttention(task, text, options)
  if (heads !== undefined) return heads
  const translator = translating.find(task.pipeline.abilities)
  const [written] =
    (await translator?.translate([text], { beamWidth: 1, maxLength: MAX_LENGTH, signal: options.signal })) ?? []
  if (written?.attention === undefined) {
    const hint =
      translator === undefined ? 'Use a Transformer, such as' : 'Train with --set model.attention=additive, or with'
    const model = translator === undefined ? 'transformer-lm' : 'transformer-seq2seq'
    throw new HeddleError(
      'usage',
      `attention: expected a model with attention, got ${task.where}, a '${task.modelSpec.type}' without. ${hint} --set model=${model}.`,
    )
  }
  const { text: target, logProbability, attention } = written
  return { kind: 'attention', title: target, text: target, logProbability, ...attention }
}
