/** Parts with one fault each, under the suites that must find it. Run by broken-parts.process.test.ts, which expects these to fail. */
import { createRegistry, RandomStream } from '@heddle/core'
import { Embedding, type EncoderOptions, initializers, layersPlugin, linear, Module, Parameter } from '@heddle/layers'
import { metricsPlugin } from '@heddle/metrics'
import { RecurrentCell, type RecurrentState, rnnPlugin } from '@heddle/rnn'
import { type Baseline, type LabeledText, recipe, type Task, tasksPlugin, textClassification } from '@heddle/tasks'
import { normalizers, preTokenizers, Tokenizer, trainers } from '@heddle/tokenizer'
import { type Optimizer, SGD, type StepOptions, schedulePoint, trainerPlugin } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { cellContract } from '../cell-contract.ts'
import { encoderContract, layerContract, pluginContract, randomTensor } from '../index.ts'
import { optimizerContract } from '../optimizer-contract.ts'
import { recipeContract } from '../recipe-contract.ts'
import { samplerContract } from '../sampler-contract.ts'
import { scheduleContract } from '../schedule-contract.ts'
import { taskContract } from '../task-contract.ts'
import { tokenizerPartContract } from '../tokenizer-part-contract.ts'

class Scale extends Module {
  readonly factor: Parameter

  constructor(rng: RandomStream) {
    super()
    this.factor = new Parameter([4], initializers.normal(1), rng)
  }

  forward(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, this.factor.value)
  }
}

const layer = (name: string, make: (rng: RandomStream) => Module) =>
  layerContract(name, { make, inputs: (rng) => [randomTensor(rng, [2, 4])], shapes: [[2, 4]] })

layer(
  'Layer that leaks',
  (rng) =>
    new (class extends Scale {
      override forward = (x: tf.Tensor) => tf.mul(x, tf.keep(tf.clone(this.factor.value)))
    })(rng),
)
layer(
  'Layer with a wrong gradient',
  (rng) =>
    new (class extends Scale {
      override forward = (x: tf.Tensor) =>
        tf.customGrad((x) => ({
          value: tf.square(x as tf.Tensor),
          gradFunc: (dy: tf.Tensor) => tf.mul(dy, x as tf.Tensor),
        }))(tf.mul(x, this.factor.value))
    })(rng),
)
layer('Layer that draws for itself', () => new Scale(new RandomStream(Math.floor(Math.random() * 2 ** 31))))
layer('Layer that draws in evaluation', (rng) => {
  return new (class extends Scale {
    override forward = (x: tf.Tensor) => tf.mul(tf.mul(x, this.factor.value), rng.uniform())
  })(rng)
})
layerContract('Layer of another shape', {
  make: (rng) => new Scale(rng),
  inputs: (rng) => [randomTensor(rng, [2, 4])],
  shapes: [[4, 2]],
})

class ElmanCell extends RecurrentCell {
  readonly inputSize: number
  readonly hiddenSize: number
  readonly stateSizes: readonly number[]
  readonly weight: Parameter

  constructor({ inputSize, hiddenSize }: { inputSize: number; hiddenSize: number }, rng: RandomStream) {
    super()
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.stateSizes = [hiddenSize]
    this.weight = new Parameter([inputSize + hiddenSize, hiddenSize], initializers.normal(0.3), rng)
  }

  override forward(x: tf.Tensor, [h]: RecurrentState) {
    const output = tf.tanh(linear(tf.concat([x, h!], 1), this.weight.value))
    return { output, state: [output] }
  }
}

cellContract('Cell whose state is not its output', {
  make: (sizes, rng) =>
    new (class extends ElmanCell {
      override forward(x: tf.Tensor, state: RecurrentState) {
        const { output } = super.forward(x, state)
        return { output, state: [tf.mul(output, 0.5)] }
      }
    })(sizes, rng),
})
cellContract('Cell whose sequence reads the padding', {
  make: (sizes, rng) =>
    new (class extends ElmanCell {
      override sequence = (x: tf.Tensor, state: RecurrentState) => {
        const outputs: tf.Tensor[] = []
        let current = state
        for (const step of tf.unstack(x, 1)) {
          current = this.forward(step, current).state
          outputs.push(current[0]!)
        }
        return { outputs: tf.stack(outputs, 1), state: current }
      }
    })(sizes, rng),
})

encoderContract('Encoder whose summary reads the padding', {
  make: (rng) =>
    new (class extends Module {
      readonly embedding = new Embedding({ numEmbeddings: 9, embeddingSize: 4 }, rng)
      readonly outputSize = 4
      readonly summarySize = 4
      forward(ids: tf.Tensor, { lengths }: EncoderOptions = {}) {
        if (ids.dtype !== 'int32') throw new Error('expected ids')
        const outputs = this.embedding.forward(ids)
        const mask = lengths && tf.less(tf.range(0, ids.shape[1]!, 1, 'int32'), tf.expandDims(lengths, 1))
        return { outputs, summary: tf.mean(outputs, 1), ...(mask && { mask }) }
      }
    })(),
  input: { vocabSize: 9 },
  sizes: { outputSize: 4, summarySize: 4 },
})

/** SGD with something changed. */
const changed = (change: (sgd: SGD) => Partial<Optimizer>) => (root: object) => {
  const sgd = new SGD(root, { momentum: 0.9 })
  const own: Optimizer = {
    step: (gradients, rate, options) => sgd.step(gradients, rate, options),
    state: () => sgd.state(),
    restore: (state) => sgd.restore(state),
    dispose: () => sgd.dispose(),
  }
  return Object.assign(own, change(sgd))
}
type Step = Parameters<Optimizer['step']>

optimizerContract('Optimizer that goes up', {
  make: changed((sgd) => ({ step: (g: Step[0], rate: number, o?: StepOptions) => sgd.step(g, -rate, o) })),
})
optimizerContract('Optimizer that ignores the gradient scale', {
  make: changed((sgd) => ({ step: (g: Step[0], rate: number) => sgd.step(g, rate) })),
})
optimizerContract('Optimizer that forgets its state', { make: changed(() => ({ restore: () => {} })) })
optimizerContract('Optimizer that frees the gradients', {
  make: changed((sgd) => ({
    step(gradients: Step[0], rate: number, options?: StepOptions) {
      sgd.step(gradients, rate, options)
      for (const gradient of gradients.values()) gradient.dispose()
    },
  })),
})
optimizerContract('Optimizer that leaks', {
  make: changed((sgd) => ({
    step(gradients: Step[0], rate: number, options?: StepOptions) {
      tf.scalar(1)
      sgd.step(gradients, rate, options)
    },
  })),
})
optimizerContract('Optimizer that is not disposed', { make: changed(() => ({ dispose: () => {} })) })

scheduleContract('Schedule that counts its calls', {
  make: () => {
    let calls = 0
    return () => 1 / ++calls
  },
})
scheduleContract('Schedule that goes below 0', { make: () => (step) => 1 - step / 50 })

samplerContract('Sampler that draws for itself', { make: () => ({ choose: () => Math.floor(Math.random() * 20) }) })
samplerContract('Sampler that chooses past the end', { make: () => ({ choose: (logits) => logits.length }) })

const withNormalizer = (normalizer: normalizers.Lowercase) => () =>
  Tokenizer.train(['the loom'], new trainers.WordPieceTrainer({ vocabSize: 40, specialTokens: ['[UNK]'] }), {
    normalizer,
    preTokenizer: new preTokenizers.BertPreTokenizer(),
  })
tokenizerPartContract('Normalizer that is written as another', {
  make: withNormalizer(
    new (class extends normalizers.Lowercase {
      override toJSON = () => ({ type: 'NFC' })
    })(),
  ),
})
let calls = 0
tokenizerPartContract('Normalizer that remembers', {
  make: withNormalizer(
    new (class extends normalizers.Lowercase {
      override normalize: normalizers.Lowercase['normalize'] = (text) =>
        calls++ % 2 === 0 ? text : new normalizers.Lowercase().normalize(text)
    })(),
  ),
})

pluginContract({
  name: 'acme',
  contributes: [
    schedulePoint.of({
      name: 'acme/undescribed',
      summary: 'one line\nand another',
      config: z.object({ period: z.int() }),
      create: () => () => 1,
    }),
  ],
})

const texts = (count: number, letters: () => string): LabeledText[] =>
  Array.from({ length: count }, (_, i) => ({ text: `${letters()}${i}`, label: i % 2 === 0 ? 'even' : 'odd' }))
const registry = createRegistry([layersPlugin, rnnPlugin, metricsPlugin, trainerPlugin, tasksPlugin])
const tiny = {
  model: { type: 'recurrent-classifier', embeddingSize: 3, hiddenSize: 3 },
  training: { steps: 2, batchSize: 4, evaluateEvery: 2, warmupSteps: 1 },
}

/** Text classification with something changed in each task. */
const brokenTask = (name: string, change: (task: Task<LabeledText>) => Partial<Task<LabeledText>>) =>
  taskContract(name, {
    task: {
      ...textClassification,
      create: (config, context) => {
        const task = textClassification.create(config as object, context)
        return Object.assign(task, change(task as Task<LabeledText>))
      },
    },
    registry,
    settings: tiny,
    train: texts(8, () => 'ab'),
    heldOut: texts(6, () => 'ba'),
    inputs: ['ab1', 'ba2', 'a'],
  })

brokenTask('Task that is not disposed', () => ({ dispose: () => {} }))
brokenTask('Task whose predictions depend on their neighbors', (task) => ({
  predict: async (inputs: readonly string[]) => (await task.pipeline.predict(inputs)).toReversed(),
}))
brokenTask('Task that leaves a metric out', (task) => ({
  evaluate: async (examples) => {
    if (task.numParameters === 0) throw new Error('expected parameters')
    const { f1, ...others } = await task.pipeline.evaluate(examples)
    return others
  },
}))

const brokenRecipe = (name: string, letters: (rng: RandomStream) => string, baseline: Baseline<LabeledText>) =>
  recipeContract(name, {
    registry: createRegistry([
      ...registry.plugins,
      {
        name: 'acme',
        contributes: [
          recipe({
            name,
            summary: 'texts with numbers',
            task: textClassification,
            data: {
              count: 40,
              format: 'none',
              builtIn: ({ count }, rng) => texts(count, () => letters(rng)),
              read: async () => ({ examples: [] }),
            },
            defaults: tiny,
            expected: { accuracy: 0.9 },
            baseline,
          }),
        ],
      },
    ]),
    tiny,
  })

brokenRecipe(
  'acme/too-easy',
  (rng) => rng.pick(['a', 'b']),
  () => ({ accuracy: 0.95 }),
)
brokenRecipe(
  'acme/draws-for-itself',
  () => `${Math.random()}`,
  () => ({ accuracy: 0.5 }),
)
