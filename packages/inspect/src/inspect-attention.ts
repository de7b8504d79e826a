import { HeddleError } from '@heddle/core'
import { type AttentionExhibit, type Task, translating } from '@heddle/tasks'

const MAX_LENGTH = 100

/** The text that a model writes for a source, with its attention over the source at each token. */
export interface WrittenAttention extends AttentionExhibit {
  readonly text: string
  /** Sum of the log probabilities of the tokens. */
  readonly logProbability: number
}

/**
 * Writes a text for a source, the most probable token at each step, and returns the attention over the source.
 *
 * @throws HeddleError `usage` when the task writes no text for a text, or its model has no attention
 */
export async function inspectAttention(task: Task, source: string): Promise<WrittenAttention> {
  const translator = translating.find(task.pipeline.abilities)
  if (translator === undefined) {
    throw new HeddleError(
      'usage',
      `attention: expected a run that writes a text for a text, got ${task.where}, a run of '${task.type}'. Use a text-to-text run, such as one of translate.`,
    )
  }
  const [written] = await translator.translate([source], { beamWidth: 1, maxLength: MAX_LENGTH })
  const { text, logProbability, attention } = written!
  if (attention === undefined) {
    throw new HeddleError(
      'usage',
      `attention: expected a model with attention, got ${task.where}, a run without. Train with --set model.attention=additive.`,
    )
  }
  return { kind: 'attention', title: text, text, logProbability, ...attention }
}
