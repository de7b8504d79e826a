/**
 * Trains nanoGPT's character model for CPUs and writes its initial weights, its batches and the loss of every step, for
 * `train_nanogpt.py` to follow: `node --conditions=source tools/reference/train-nanogpt.ts TEXT FOLDER [--exact] [--steps N]`.
 *
 * 4 layers, 4 heads, width 128, context 64, batch 12, no dropout, no biases, tied vectors; AdamW with betas 0.9 and 0.99, decay
 * 0.1 of matrices, gradient norm at most 1; 100 steps of warm-up to 1e-3, then a cosine to 1e-4 at step 2000. The first 90 % of the
 * text are trained on.
 *
 * @see https://github.com/karpathy/nanoGPT, "I only have a macbook"
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attentionPlugin } from '@heddle/attention'
import { createRegistry, RandomStream, writeSafetensors } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { crossEntropy, layersPlugin, stateDict, valueAndGradients } from '@heddle/layers'
import { AdamW, clipFactor, globalNorm } from '@heddle/trainer'
import { TransformerLanguageModel, transformerPlugin } from '@heddle/transformer'
import * as tf from '@tensorflow/tfjs-core'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { exact: { type: 'boolean', default: false }, steps: { type: 'string', default: '1000' } },
})
const [file, folder] = positionals
if (folder === undefined) throw new Error('train-nanogpt: expected a text and a folder. Name both.')
const { exact } = values
const steps = Number(values.steps)

// B batch, T time
const [B, T] = [12, 64]
const [warmUp, lastStep, highest, lowest] = [100, 2000, 1e-3, 1e-4]

const learningRate = (step: number): number => {
  if (step < warmUp) return (highest * (step + 1)) / (warmUp + 1)
  return lowest + 0.5 * (1 + Math.cos((Math.PI * (step - warmUp)) / (lastStep - warmUp))) * (highest - lowest)
}

console.log(JSON.stringify(await useWasm({ exact })))
const text = await readFile(file!, 'utf8')
const characters = [...new Set(text)].sort()
const ids = Int32Array.from(text, (character) => characters.indexOf(character)).subarray(
  0,
  Math.floor(0.9 * text.length),
)
const rng = new RandomStream(1337)
const batches = Array.from({ length: steps }, () =>
  Array.from({ length: B }, () => Math.floor(rng.uniform() * (ids.length - T))),
)

const model = new TransformerLanguageModel(
  {
    ...{ vocabSize: characters.length, hiddenSize: 128, numLayers: 4, numHeads: 4, contextLength: T },
    ...{ positions: 'learned', attention: { bias: false }, feedForward: { type: 'mlp', bias: false } },
    norm: { type: 'layer-norm', bias: false },
  },
  { rng, registry: createRegistry([layersPlugin, attentionPlugin, transformerPlugin]) },
)
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'initial.safetensors'), writeSafetensors(await stateDict(model)))
await writeFile(join(folder, 'batches.json'), JSON.stringify(batches))

const optimizer = new AdamW(model, { beta1: 0.9, beta2: 0.99, weightDecay: 0.1 })
const losses: number[] = []
for (const [step, starts] of batches.entries()) {
  const window = (shift: number) =>
    tf.tensor(Int32Array.from(starts.flatMap((start) => [...ids.subarray(start + shift, start + shift + T)])), [B, T])
  const [source, target] = [window(0), window(1)]
  const { value, gradients } = valueAndGradients(model, () => crossEntropy(model.forward(source).logits, target))
  const norm = tf.tidy(() => globalNorm(gradients))
  losses.push((await value.data())[0]!)
  const gradientScale = clipFactor((await norm.data())[0]!, 1)
  optimizer.step(gradients, learningRate(step), { gradientScale })
  tf.dispose([value, norm, source, target, ...gradients.values()])
  if (step % 100 === 0) console.log(`step ${step}: loss ${losses.at(-1)!.toFixed(4)}`)
}
await writeFile(join(folder, `heddle-${exact ? 'exact' : 'default'}.json`), JSON.stringify(losses))
process.exit(0)
