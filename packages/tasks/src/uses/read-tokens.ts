import type { StepModel } from '@heddle/decoding'
import type { Module } from '@heddle/layers'
import type { Tokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import type { ReadText } from './read-text.ts'
import { textTokens } from './text-tokens.ts'

type TokenModel = Module & Partial<StepModel<unknown>> & { initialState?(B: number): unknown }

/** A text as a model of token ids [B, T] reads it, and step by step where the model can take a step. */
export function readTokens(model: TokenModel, tokenizer: Tokenizer, text: string, where: string): ReadText {
  const { ids, tokens } = textTokens(tokenizer, text, where)
  const canStep = model.step !== undefined && model.initialState !== undefined
  return {
    tokens,
    reader: model,
    forward: () => void model.forward(tf.tensor2d([...ids], [1, ids.length], 'int32')),
    ...(canStep && {
      stepThrough: () => {
        let state = model.initialState!(1)
        for (const id of ids) state = model.step!(tf.tensor1d([id], 'int32'), state).state
      },
    }),
  }
}
