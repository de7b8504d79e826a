import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import { crossEntropy, layersPlugin, type Module, setTraining, withObserver } from '@heddle/layers'
import { loadCheckpoint, saveCheckpoint, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { adamWLosses } from './adamw-losses.ts'
import { sameTensors } from './same-tensors.ts'

/** Outputs by their names in the case, and the loss of transformers. */
type Pass = Record<string, tf.Tensor> & { readonly loss: tf.Scalar }

/** hf/{bert,roberta,distilbert,electra}_*: loss, logits, hidden states, five steps of AdamW, and the files. */
export const bertHandler: Handler = {
  covers: (name) => /^hf\/(bert|roberta|distilbert|electra)_/.test(name),
  async compare(golden) {
    const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
    const context = { registry, rng: new RandomStream(0) }
    const read = (file: string) => readFile(join(golden.folder, file)).catch(() => undefined)
    const { model, spec, drawn, unused } = await loadCheckpoint(read, context)
    setTraining(model, false)
    const saved = await saveCheckpoint(model, spec, context)
    return [
      { name: 'drawn and unused', kind: 'exact', actual: [drawn, unused], expected: [[], []] },
      ...(await forwardPass(golden, model, spec.type)),
      sameTensors((await read('model.safetensors'))!, saved.get('model.safetensors')!),
      adamWLosses(golden, model, () => pass(golden, model, spec.type).loss),
    ]
  },
}

function pass(golden: GoldenCase, model: Module, type: string): Pass {
  const ids = tensorOf(golden, 'in.input_ids')
  const lengths = tf.cast(tf.sum(tensorOf(golden, 'in.attention_mask'), 1), 'int32')
  const segments = golden.tensors.has('in.token_type_ids') ? tensorOf(golden, 'in.token_type_ids') : undefined
  const label = (name: string) => tensorOf(golden, `in.${name}`)
  const run = (options: unknown) => model.forward(ids, lengths, options) as Record<string, tf.Tensor>
  if (type === 'bert-pretraining') {
    const { logits, pairLogits } = run({ segments }) as { logits: tf.Tensor; pairLogits: tf.Tensor }
    const losses = [crossEntropy(logits, label('labels')), crossEntropy(pairLogits, label('next_sentence_label'))]
    return { prediction_logits: logits, seq_relationship_logits: pairLogits, loss: tf.addN(losses) as tf.Scalar }
  }
  if (type === 'bert-question-answering') {
    const { startLogits, endLogits } = run(segments) as { startLogits: tf.Tensor; endLogits: tf.Tensor }
    const start = crossEntropy(startLogits, label('start_positions'))
    const end = crossEntropy(endLogits, label('end_positions'))
    return { loss: tf.div(tf.add(start, end), 2) }
  }
  const { logits } = run(type === 'bert-masked-lm' ? { segments } : segments) as { logits: tf.Tensor }
  return { logits, loss: crossEntropy(logits, label('labels')) }
}

async function forwardPass(golden: GoldenCase, model: Module, type: string): Promise<Comparison[]> {
  const seen = new Map<string, tf.Tensor>()
  const observer = (path: string, value: tf.Tensor) => void seen.set(path, tf.keep(value))
  const outputs = tf.tidy(() => {
    const { loss, ...others } = withObserver(model, observer, () => pass(golden, model, type))
    return { ...others, loss: tf.reshape(loss, [1]) }
  })
  const hidden = [...golden.tensors.keys()].filter((name) => name.startsWith('out.hidden.')).sort()
  const layers = hidden.map((name, i) => [
    name.slice('out.'.length),
    seen.get(i === 0 ? 'encoder.embedded' : `encoder.layer${i - 1}`)!,
  ])
  const values = [...Object.entries(outputs), ...(layers as [string, tf.Tensor][])]
  const unmade = [...golden.tensors.keys()].filter(
    (name) => name.startsWith('out.') && !values.some(([value]) => `out.${value}` === name),
  )
  const comparisons = await Promise.all(
    values.map(async ([name, actual]): Promise<Comparison> => {
      const expected = tensorOf(golden, `out.${name}`)
      const shapes = { shape: actual.shape, expectedShape: expected.shape }
      const numbers = { actual: await actual.data(), expected: await expected.data() }
      return { name: `out.${name}`, kind: 'value', ...shapes, ...numbers }
    }),
  )
  tf.dispose([...seen.values(), outputs])
  return [...comparisons, { name: 'outputs that were not computed', kind: 'exact', actual: unmade, expected: [] }]
}
