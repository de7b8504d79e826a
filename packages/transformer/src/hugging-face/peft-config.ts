import { HeddleError, show } from '@heddle/core'
import * as z from 'zod'

/** Settings of peft that Heddle has, as adapter_config.json names them. */
const schema = z.looseObject({
  peft_type: z.literal('LORA'),
  base_model_name_or_path: z.string().nullish(),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).max(1).default(0),
  use_rslora: z.boolean().default(false),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
})
export type PeftConfig = z.output<typeof schema>

/** Settings that change what an adapter computes, with the values under which they change nothing. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly unknown[]>> = {
  bias: ['none'],
  use_dora: [false],
  lora_bias: [false],
  use_qalora: [false],
  use_bdlora: [],
  layer_replication: [],
  trainable_token_indices: [],
  target_parameters: [],
  alora_invocation_tokens: [],
  arrow_config: [],
  kasa_config: [],
}

/** @throws HeddleError `format`, naming every setting that Heddle does not have */
export function parsePeftConfig(value: unknown, where: string): PeftConfig {
  const result = schema.safeParse(value)
  const issues = result.error?.issues.map(({ path, message }) => `'${path.join('.')}': ${message}`) ?? []
  for (const [key, values] of Object.entries(WITHOUT_EFFECT)) {
    const given = (value as Record<string, unknown> | null)?.[key] ?? null
    if (given !== null && !values.includes(given)) issues.push(`'${key}': ${show(given)}`)
  }
  if (result.success && issues.length === 0) return result.data
  throw new HeddleError(
    'format',
    `${where}: expected a LoRA adapter with settings that Heddle has, got ${issues.join('; ')}. Merge it into its model with peft, and load the model.`,
  )
}

/** Strength of the adapter of a module: the first pattern that its name ends with, or the common one. */
export function alphaOf({ lora_alpha, alpha_pattern }: PeftConfig, module: string): number {
  const found = Object.entries(alpha_pattern ?? {}).find(([pattern]) =>
    new RegExp(`^(.*\\.)?(${pattern})$`).test(module),
  )
  return found?.[1] ?? lora_alpha
}

/** peft's name of the purpose of a model, by its class in transformers. */
export function taskTypeOf(architecture: unknown): string | null {
  const types: readonly (readonly [RegExp, string])[] = [
    [/(ForCausalLM|LMHeadModel)$/, 'CAUSAL_LM'],
    [/(MTModel|ForConditionalGeneration)$/, 'SEQ_2_SEQ_LM'],
    [/ForSequenceClassification$/, 'SEQ_CLS'],
    [/ForTokenClassification$/, 'TOKEN_CLS'],
    [/ForQuestionAnswering$/, 'QUESTION_ANS'],
  ]
  return types.find(([name]) => name.test(String(architecture)))?.[1] ?? null
}
