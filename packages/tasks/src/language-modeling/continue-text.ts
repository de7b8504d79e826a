import type { RandomStream } from '@heddle/core'
import { collect, decode, forbidTokens, randomSampler, type StepModel } from '@heddle/decoding'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { TextExhibit } from '../exhibits/text.ts'
import { constraintOptions } from '../task/decoding-constraints.ts'
import type { DemonstrateOptions } from '../task/pipeline.ts'
import type { GenerateOptions, Generator } from '../uses/generate.ts'

const SHOWN_TEMPERATURES = [0.5, 0.8, 1]
/** Temperature and most tokens of a brief demonstration. */
const BRIEF = { temperatures: [0.8], length: 100 }

/** A language model that steps from an initial state. */
export interface StepLanguageModel extends StepModel<unknown> {
  initialState(B: number): unknown
}

/** Continues a text token by token; unknown tokens are never written. */
export async function continueText(
  model: StepLanguageModel,
  tokenizer: Tokenizer,
  { prompt, length, sampler, rng, constraints = {}, onText, signal }: GenerateOptions,
): Promise<string> {
  const unknown = tokenizer.tokenToId('<unk>')
  const state = tf.tidy(() => model.initialState(1) as tf.TensorContainer)
  const stream = tokenizer.decodeStream()
  try {
    const options = {
      prompt: tokenizer.encodeIds(prompt === '' ? '\n' : prompt),
      batchSize: 1,
      maxLength: length,
      ...(signal && { signal }),
      ...constraintOptions(constraints, tokenizer),
      ...(unknown !== undefined && { processors: [forbidTokens([unknown])] }),
    }
    const tokens = decode(model, state as unknown, () => sampler(rng.split()), options, 'generate')
    const [decoded] = await collect(tokens, ({ token }) => {
      const text = stream.push(token)
      if (text !== '') onText?.(text)
    })
    return tokenizer.decode(decoded!.ids)
  } finally {
    tf.dispose(state)
  }
}

/** Continuations of the first lines of an unseen text, at several temperatures. */
export async function continuations(
  generator: Generator,
  text: string,
  length: number,
  rng: RandomStream,
  { signal, isBrief = false }: DemonstrateOptions = {},
): Promise<TextExhibit[]> {
  const start = [...text.slice(0, 200)].slice(0, 60).join('')
  const prompt = start.split('\n').slice(0, 2).join('\n')
  const exhibits: TextExhibit[] = []
  for (const temperature of isBrief ? BRIEF.temperatures : SHOWN_TEMPERATURES) {
    const written = await generator.generate({
      prompt,
      length: isBrief ? Math.min(BRIEF.length, length) : length,
      sampler: (stream) => randomSampler({ temperature }, stream),
      rng,
      signal,
    })
    exhibits.push({ kind: 'text', title: `Temperature ${temperature}`, prompt, text: written })
  }
  return exhibits
}
