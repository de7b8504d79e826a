import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream } from '@heddle/core'
import {
  countParameters,
  crossEntropy,
  disposeParameters,
  layersPlugin,
  mergeAdapters,
  setTraining,
  valueAndGradients,
} from '@heddle/layers'
import { AdamW } from '@heddle/trainer'
import {
  loadAdapters,
  loadCheckpoint,
  saveAdapters,
  type TransformerLanguageModel,
  transformerPlugin,
} from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting, tensorOf } from '../golden-case.ts'
import type { Handler } from '../handler.ts'
import { sameTensors } from './same-tensors.ts'

/** hf/gpt2_lora: an adapter of peft at the start, the losses of five steps, the adapter after them, and the merged model. */
export const loraHandler: Handler = {
  covers: (name) => name === 'hf/gpt2_lora',
  async compare(golden) {
    const registry = createRegistry([layersPlugin, attentionPlugin, transformerPlugin])
    const context = { registry, rng: new RandomStream(0) }
    const folder = (name: string) => ({
      read: (file: string) => readFile(join(golden.folder, name, file)).catch(() => undefined),
    })
    const open = async (adapter: string) => {
      const { model, spec } = await loadCheckpoint(folder('.'), context)
      await loadAdapters(model, spec, folder(adapter), context)
      setTraining(model, false)
      return { model: model as TransformerLanguageModel, spec }
    }
    const { model, spec } = await open('adapter_start')
    const { trainable } = countParameters(model)
    const ids = tensorOf(golden, 'in.input_ids')
    const [B, T] = ids.shape as [number, number]
    const logits = () => model.forward(ids).logits
    const loss = (): tf.Scalar =>
      crossEntropy(tf.slice(logits(), [0, 0, 0], [B, T - 1, -1]), tf.slice(ids, [0, 1], [B, T - 1]))
    const start = [
      await compared(golden, 'out.logits', logits),
      await compared(golden, 'out.loss', () => tf.reshape(loss(), [1])),
      sameTensors(
        (await folder('adapter_start').read('adapter_model.safetensors'))!,
        (await saveAdapters(model, spec, context)).get('adapter_model.safetensors')!,
      ),
      ...settingsOf(
        (await folder('adapter_start').read('adapter_config.json'))!,
        (await saveAdapters(model, spec, context)).get('adapter_config.json')!,
      ),
    ]
    const steps = fiveSteps(golden, model, loss)
    // Weights that gradients have changed are as exact as gradients are.
    const trained = { ...(await compared(golden, 'out.logits_end', logits)), kind: 'gradient' } as Comparison
    const { trainable: left } = countParameters(model)
    disposeParameters(model)
    const { model: end } = await open('adapter_end')
    const endLogits = () => end.forward(ids).logits
    const loaded = await compared(golden, 'out.logits_end', endLogits)
    const merged = mergeAdapters(end)
    const after = await compared(golden, 'out.logits_merged', endLogits)
    merged.unmerge()
    const unmerged = await compared(golden, 'out.logits_end', endLogits)
    disposeParameters(end)
    ids.dispose()
    const count: Comparison = { name: 'trainable', kind: 'exact', actual: left, expected: trainable }
    return [...start, steps, trained, loaded, after, unmerged, count]
  },
}

/** The settings of peft that matter. */
function settingsOf(original: Uint8Array, saved: Uint8Array): Comparison[] {
  const [expected, actual] = [original, saved].map((bytes) => JSON.parse(new TextDecoder().decode(bytes)))
  const keys = ['peft_type', 'task_type', 'r', 'lora_alpha', 'lora_dropout', 'use_rslora', 'fan_in_fan_out', 'bias']
  const pick = (config: Record<string, unknown>) => [
    ...keys.map((key) => config[key]),
    [...(config['target_modules'] as string[])].sort(),
  ]
  return [{ name: 'adapter_config.json', kind: 'exact', actual: pick(actual), expected: pick(expected) }]
}

function fiveSteps(golden: GoldenCase, model: TransformerLanguageModel, loss: () => tf.Scalar): Comparison {
  const expected = setting<number[]>(golden, 'adamw_losses')
  const optimizer = new AdamW(model, { weightDecay: 0 })
  const actual = expected.map(() =>
    tf.tidy(() => {
      const { value, gradients } = valueAndGradients(model, loss)
      optimizer.step(gradients, setting<number>(golden, 'lr'))
      return value.dataSync()[0]!
    }),
  )
  optimizer.dispose()
  const shape = [expected.length]
  return { name: 'adamw_losses', kind: 'value', shape, expectedShape: shape, actual, expected }
}

async function compared(golden: GoldenCase, name: string, compute: () => tf.Tensor): Promise<Comparison> {
  const [actual, expected] = [tf.tidy(compute), tensorOf(golden, name)]
  const comparison: Comparison = {
    name,
    kind: 'value',
    shape: actual.shape,
    expectedShape: expected.shape,
    actual: await actual.data(),
    expected: await expected.data(),
  }
  tf.dispose([actual, expected])
  return comparison
}
