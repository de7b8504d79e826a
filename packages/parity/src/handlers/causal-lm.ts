import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { beamSearch, greedy } from '@heddle/decoding'
import { crossEntropy, layersPlugin, setTraining, withObserver } from '@heddle/layers'
import { loadCheckpoint, saveCheckpoint, type TransformerLanguageModel, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { adamWLosses } from './adamw-losses.ts'
import { sameTensors } from './same-tensors.ts'

interface Generation {
  readonly settings: {
    readonly max_new_tokens: number
    readonly num_beams?: number
    readonly length_penalty?: number
    readonly no_repeat_ngram_size?: number
    readonly repetition_penalty?: number
  }
  readonly input_ids: readonly (readonly number[])[]
  readonly sequences: readonly (readonly number[])[]
}

/** hf/{gpt2, llama, llama_tied, qwen3}: loss, logits, hidden states, generated sequences, five steps of AdamW, and the files. */
export const causalLmHandler: Handler = {
  covers: (name) => /^hf\/(gpt2|llama|llama_tied|qwen3)$/.test(name),
  async compare(golden) {
    const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
    const context = { registry, rng: new RandomStream(0) }
    const read = (file: string) => readFile(join(golden.folder, file)).catch(() => undefined)
    const { model: loaded, spec } = await loadCheckpoint(read, context)
    const model = loaded as TransformerLanguageModel
    setTraining(model, false)
    const saved = await saveCheckpoint(model, spec, context)
    const original = await read('model.safetensors')
    return [
      ...(await forwardPass(golden, model)),
      ...(await generations(golden, model)),
      sameTensors(original!, saved.get('model.safetensors')!),
      adamWLosses(golden, model, lossOfBatch(golden, model)),
    ]
  },
}

const lossOf = (logits: tf.Tensor, labels: tf.Tensor): tf.Scalar => {
  const [B, T, V] = logits.shape as [number, number, number]
  return crossEntropy(tf.slice(logits, [0, 0, 0], [B, T - 1, V]), tf.slice(labels, [0, 1], [B, T - 1]))
}

function lossOfBatch(golden: GoldenCase, model: TransformerLanguageModel): () => tf.Scalar {
  return () => lossOf(model.forward(tensorOf(golden, 'in.input_ids')).logits, tensorOf(golden, 'in.labels'))
}

async function forwardPass(golden: GoldenCase, model: TransformerLanguageModel): Promise<Comparison[]> {
  const [ids, labels] = [tensorOf(golden, 'in.input_ids'), tensorOf(golden, 'in.labels')]
  const seen = new Map<string, tf.Tensor>()
  const observer = (path: string, value: tf.Tensor) => void seen.set(path, tf.keep(value))
  const outputs = tf.tidy(() => {
    const { logits } = withObserver(model, observer, () => model.forward(ids))
    return { logits, loss: tf.reshape(lossOf(logits, labels), [1]) }
  })
  const hidden = ['embedded', ...model.layerOutputs.slice(0, -1), 'hidden'].map((path, i) => [
    `hidden.${i}`,
    seen.get(path)!,
  ])
  const values = [...Object.entries(outputs), ...(hidden as [string, tf.Tensor][])]
  const comparisons = await Promise.all(
    values.map(async ([name, actual]): Promise<Comparison> => {
      const expected = tensorOf(golden, `out.${name}`)
      const shapes = { shape: actual.shape, expectedShape: expected.shape }
      return {
        name: `out.${name}`,
        kind: 'value',
        ...shapes,
        actual: await actual.data(),
        expected: await expected.data(),
      }
    }),
  )
  tf.dispose([ids, labels, ...seen.values(), outputs])
  return comparisons
}

async function generations(golden: GoldenCase, model: TransformerLanguageModel): Promise<Comparison[]> {
  const { eos_token_id: end } = JSON.parse((await readFile(join(golden.folder, 'config.json'))).toString()) as Record<
    string,
    number
  >
  const comparisons: Comparison[] = []
  for (const [i, { settings, input_ids: prompt, sequences }] of setting<Generation[]>(golden, 'generate').entries()) {
    const {
      num_beams: width = 1,
      length_penalty: lengthPenalty = 1,
      repetition_penalty: repetitionPenalty = 1,
    } = settings
    const options = {
      ...{ prompt, end: end!, maxLength: settings.max_new_tokens, repetitionPenalty },
      ...(settings.no_repeat_ngram_size !== undefined && { noRepeatNgram: settings.no_repeat_ngram_size }),
    }
    const state = model.initialState(prompt.length)
    const decoded =
      width === 1
        ? await greedy(model, state, options)
        : (await beamSearch(model, state, { ...options, width, lengthPenalty })).map(([best]) => best!)
    const actual = decoded.map(({ ids, finished }, row) => [...prompt[row]!, ...ids, ...(finished ? [end!] : [])])
    // transformers fills up the rows that ended early.
    const expected = sequences.map((sequence, row) => {
      const ended = sequence.indexOf(end!, prompt[row]!.length)
      return ended === -1 ? sequence : sequence.slice(0, ended + 1)
    })
    comparisons.push({ name: `generate.${i}`, kind: 'exact', actual, expected })
  }
  return comparisons
}
