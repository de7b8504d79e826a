import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { beamSearch, greedy } from '@heddle/decoding'
import { crossEntropy, layersPlugin, setTraining, withObserver } from '@heddle/layers'
import { loadCheckpoint, saveCheckpoint, type TransformerSeq2Seq, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { adamWLosses } from './adamw-losses.ts'
import { sameTensors } from './same-tensors.ts'

interface Generation {
  readonly settings: { readonly max_new_tokens: number; readonly num_beams: number }
  readonly input_ids: readonly (readonly number[])[]
  readonly sequences: readonly (readonly number[])[]
}

/** hf/marian: loss, logits, hidden states of the encoder, translations, five steps of AdamW, and the files. */
export const marianHandler: Handler = {
  covers: (name) => name === 'hf/marian',
  async compare(golden) {
    const context = {
      registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]),
      rng: new RandomStream(0),
    }
    const read = (file: string) => readFile(join(golden.folder, file)).catch(() => undefined)
    const { model: loaded, spec } = await loadCheckpoint(read, context)
    const model = loaded as TransformerSeq2Seq
    setTraining(model, false)
    const config = JSON.parse((await read('config.json'))!.toString()) as Record<string, number>
    const [start, end] = [config['decoder_start_token_id']!, config['eos_token_id']!]
    const saved = await saveCheckpoint(model, spec, context)
    return [
      ...(await forwardPass(golden, model, start)),
      ...(await translations(golden, model, start, end)),
      sameTensors((await read('model.safetensors'))!, saved.get('model.safetensors')!),
      adamWLosses(golden, model, () => pass(golden, model, start).loss),
    ]
  },
}

/** Every source has its full length, and the target is read from the start symbol on. */
function pass(golden: GoldenCase, model: TransformerSeq2Seq, start: number) {
  const labels = tensorOf(golden, 'in.labels')
  const [B, T] = labels.shape as [number, number]
  const target = tf.concat([tf.fill([B, 1], start, 'int32'), tf.slice(labels, [0, 0], [B, T - 1])], 1)
  const lengths = tf.cast(tf.sum(tensorOf(golden, 'in.attention_mask'), 1), 'int32')
  const { logits } = model.forward(tensorOf(golden, 'in.input_ids'), lengths, target)
  return { logits, loss: crossEntropy(logits, labels) }
}

async function forwardPass(golden: GoldenCase, model: TransformerSeq2Seq, start: number): Promise<Comparison[]> {
  const seen = new Map<string, tf.Tensor>()
  const { logits, loss } = tf.tidy(() => {
    const { logits, loss } = withObserver(
      model,
      (path, value) => void seen.set(path, tf.keep(value)),
      () => pass(golden, model, start),
    )
    return { logits, loss: tf.reshape(loss, [1]) }
  })
  const hidden = ['encoder.embedded', 'encoder.layer0', 'encoder.layer1'].map(
    (path, i) => [`hidden.${i}`, seen.get(path)!] as const,
  )
  const comparisons = await Promise.all(
    [['logits', logits] as const, ['loss', loss] as const, ...hidden].map(
      async ([name, actual]): Promise<Comparison> => {
        const expected = tensorOf(golden, `out.${name}`)
        const shapes = { shape: actual.shape, expectedShape: expected.shape }
        const values = { actual: await actual.data(), expected: await expected.data() }
        return { name: `out.${name}`, kind: 'value', ...shapes, ...values }
      },
    ),
  )
  tf.dispose([logits, loss, ...seen.values()])
  return comparisons
}

async function translations(
  golden: GoldenCase,
  model: TransformerSeq2Seq,
  start: number,
  end: number,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const [i, { settings, input_ids, sequences }] of setting<Generation[]>(golden, 'generate').entries()) {
    const { max_new_tokens: maxLength, num_beams: width } = settings
    const options = { start, end, maxLength, batchSize: input_ids.length, forcedEnd: end }
    const source = tf.tensor2d(input_ids as number[][], undefined, 'int32')
    const state = tf.tidy(() => model.encode(source) as unknown as tf.TensorContainer) as unknown as ReturnType<
      typeof model.encode
    >
    const decoded =
      width === 1
        ? await greedy(model, state, options)
        : (await beamSearch(model, state, { ...options, width })).map(([best]) => best!)
    const actual = decoded.map(({ ids, finished }) => [start, ...ids, ...(finished ? [end] : [])])
    const expected = sequences.map((sequence) => {
      const ended = sequence.indexOf(end, 1)
      return ended === -1 ? sequence : sequence.slice(0, ended + 1)
    })
    comparisons.push({ name: `generate.${i}`, kind: 'exact', actual, expected })
  }
  return comparisons
}
