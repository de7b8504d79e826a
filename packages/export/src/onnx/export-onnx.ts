import { HeddleError, type PartSpec } from '@heddle/core'
import { type Module, mergeAdapters, setTraining } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { buildGraph, type GraphInput, type GraphOptions } from './build-graph.ts'

// B batch, T time, S time of a source

/** Sizes in traces: different numbers, none of which is likely to be a size of the model. */
const BATCH = [2, 3, 5] as const
const TIME = [5, 7, 11] as const
const SOURCE = [6, 9, 13] as const
const [WORDS, LETTERS] = [
  [4, 8, 10],
  [6, 9, 12],
] as const
/** Number of steps for which computed positions are kept, for models that do not limit their context. */
const MAX_STEPS = 512

export interface OnnxGraph {
  readonly file: string
  readonly bytes: Uint8Array
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** Number of steps that a model reads at most, by its settings or those of its encoder. */
function contextOf({ contextLength, maxPositions, encoder }: Readonly<Record<string, unknown>>): number {
  if (typeof contextLength === 'number') return contextLength
  if (typeof maxPositions === 'number') return Math.min(MAX_STEPS, maxPositions)
  return typeof encoder === 'object' && encoder !== null ? contextOf({ ...encoder }) : MAX_STEPS
}

type Graph = Omit<GraphOptions, 'model' | 'maxSteps'>

/**
 * A model as ONNX graphs (operators of version 17) with its weights, for batches and texts of any length.
 *
 * - language models: `model.onnx`, ids [B, T] → logits; recurrent ones also take and return their state
 * - classifiers, taggers and encoders: `model.onnx`, ids [B, T] (or vectors, or pictures), lengths [B], segments → logits
 * - encoder-decoders: `encoder.onnx`, source and lengths → what the decoder reads; `decoder.onnx`: of recurrent ones a step,
 *   tokens [B] and the state → logits and the next state, of Transformers a prefix of the target [B, T] → logits
 * - taggers that spell words: `model.onnx`, letters and ids of the different words, the word at each place, lengths → logits
 * - forecasters: `model.onnx`, x [B, T, F] → forecast
 *
 * The graphs are those of evaluation. Adapters are merged.
 *
 * @param spec the model's settings with the sizes of its data
 * @param options.maxSteps number of steps for which computed positions are kept (default: the model's context, or 512)
 * @throws HeddleError `config` for a model that a graph cannot hold
 */
export function exportOnnx(
  model: Module,
  spec: PartSpec,
  { maxSteps = contextOf({ ...spec }) }: { readonly maxSteps?: number } = {},
): readonly OnnxGraph[] {
  if ((model as Abilities).crf !== undefined) {
    throw new HeddleError(
      'config',
      'exportOnnx: expected a model whose logits tell the labels, got a CRF, whose best sequence a graph does not find. Export to PyTorch, or train with model.scoring=softmax.',
    )
  }
  setTraining(model, false)
  mergeAdapters(model).dispose()
  return graphsOf(model, spec).map((graph) => ({
    file: `${graph.name}.onnx`,
    ...buildGraph({ ...graph, model, maxSteps }),
  }))
}

/** Members of models by which tasks use them. */
interface Abilities extends Module {
  encode?(source: tf.Tensor, lengths?: tf.Tensor): object
  step?(tokens: tf.Tensor, state: object): { readonly logits: tf.Tensor; readonly state: object }
  initialState?(B: number): object
  readonly carriesState?: boolean
  readonly decoder?: Module
  /** Whether it reads the letters of words besides their ids. */
  readonly readsSpelling?: boolean
  /** Scores the labels of a sequence together. */
  readonly crf?: unknown
}

function graphsOf(model: Abilities, spec: PartSpec): readonly Graph[] {
  const given = spec as Readonly<Record<string, unknown>>
  if (model.encode !== undefined && model.step !== undefined) return encoderDecoder(model, given)
  if (model.initialState !== undefined && model.step !== undefined) return [languageModel(model, given)]
  if (typeof given['featureSize'] === 'number') {
    const inputs = [{ name: 'x', dtype: 'float32', shape: ['batch', 'time', given['featureSize']] } as const]
    return [
      {
        name: 'model',
        inputs,
        axes: { batch: BATCH, time: TIME },
        run: ({ x }) => flattened('forecast', model.forward(x)),
      },
    ]
  }
  if (model.readsSpelling === true) return [wordReader(model, given['input'] as WordSizes)]
  if (typeof given['numRows'] === 'number') {
    const { featureSize } = given['input'] as { featureSize: number }
    const inputs = [{ name: 'inputs', dtype: 'float32', shape: ['batch', given['numRows'], featureSize] } as const]
    return [
      { name: 'model', inputs, axes: { batch: BATCH }, run: ({ inputs: x }) => flattened('output', model.forward(x)) },
    ]
  }
  const [source] = sourceInput(given['input'], 'inputs', 'time', TIME)
  const { axes, ...inputs } = source!
  const data = [inputs, lengthsInput('time'), segmentsInput]
  const isTokens = inputs.dtype === 'int32'
  const run = ({ inputs: x, lengths, segments }: Readonly<Record<string, tf.Tensor>>) =>
    flattened(
      'output',
      model.forward(x, 'time' in axes ? lengths : undefined, ...(isTokens ? [withSegments(segments!)] : [])),
    )
  return [{ name: 'model', inputs: isTokens ? data : data.slice(0, 'time' in axes ? 2 : 1), axes, run }]
}

interface WordSizes {
  readonly vocabSize: number
  readonly numLetters: number
  readonly attributes?: { readonly numAttributes: number; readonly perWord: number }
}

/** Words of sentences, of which each different one is spelled once. */
function wordReader(model: Module, { vocabSize, numLetters, attributes: sizes }: WordSizes): Graph {
  const words = tokensInput('word_ids', ['words'], vocabSize)
  return {
    name: 'model',
    inputs: [
      tokensInput('spellings', ['words', 'letters'], numLetters),
      { name: 'letter_counts', dtype: 'int32', shape: ['words'], value: (i, { letters }) => Math.max(1, letters! - i) },
      words,
      { name: 'places', dtype: 'int32', shape: ['batch', 'time'], value: (i, { words: W }) => i % W! },
      lengthsInput('time'),
      ...(sizes === undefined ? [] : [tokensInput('attributes', ['words', sizes.perWord], sizes.numAttributes)]),
    ],
    axes: { words: WORDS, letters: LETTERS, batch: BATCH, time: TIME },
    run: ({ spellings, letter_counts, word_ids, places, lengths, attributes }) =>
      flattened('output', model.forward(spellings, letter_counts, word_ids, places, lengths, attributes)),
  }
}

/** Segments as models take them: as a tensor, or as a field of options. */
const withSegments = (segments: tf.Tensor): tf.Tensor => Object.assign(segments, { segments })

const segmentsInput: GraphInput = {
  name: 'segments',
  dtype: 'int32',
  shape: ['batch', 'time'],
  value: () => 0, // some models have one segment
}

const lengthsInput = (time: string): GraphInput => ({
  name: 'lengths',
  dtype: 'int32',
  shape: ['batch'],
  value: (i, sizes) => sizes[time]! - i,
})

const tokensInput = (name: string, shape: GraphInput['shape'], vocabSize: number): GraphInput => ({
  name,
  dtype: 'int32',
  shape,
  value: (i) => (i * 7) % vocabSize,
})

/** The input of an encoder, with the axes that may vary. */
function sourceInput(
  input: unknown,
  name: string,
  time: string,
  lengths: readonly [number, number, number],
): (GraphInput & { readonly axes: Graph['axes'] })[] {
  const sizes = (input ?? {}) as Readonly<Record<string, number>>
  const axes = { batch: BATCH, [time]: lengths }
  if (sizes['vocabSize'] !== undefined) return [{ ...tokensInput(name, ['batch', time], sizes['vocabSize']), axes }]
  if (sizes['featureSize'] !== undefined)
    return [{ name, dtype: 'float32', shape: ['batch', time, sizes['featureSize']], axes }]
  if (sizes['height'] !== undefined) {
    const shape = ['batch', sizes['height'], sizes['width']!, sizes['channels'] ?? 3]
    return [{ name, dtype: 'float32', shape, axes: { batch: BATCH } }]
  }
  throw new HeddleError(
    'config',
    `ONNX: expected a model of tokens { vocabSize }, vectors { featureSize } or pictures { height, width }, got { ${Object.keys(sizes).join(', ')} }. Its inputs are not known to the export.`,
  )
}

function languageModel(model: Abilities, spec: Readonly<Record<string, unknown>>): Graph {
  const ids = tokensInput('ids', ['batch', 'time'], spec['vocabSize'] as number)
  const axes = { batch: BATCH, time: TIME }
  if (model.carriesState !== true) {
    return { name: 'model', inputs: [ids], axes, run: (given) => flattened('logits', model.forward(given['ids'])) }
  }
  const shape = stateInputs((sample) => model.initialState!(BATCH[sample]), 'state')
  return {
    name: 'model',
    inputs: [ids, ...shape.inputs],
    axes,
    run(given) {
      const { logits, state } = model.forward(given['ids'], { state: shape.rebuild(given) }) as {
        logits: tf.Tensor
        state: object
      }
      return { logits, ...flattened('next_state', state) }
    },
  }
}

function encoderDecoder(model: Abilities, spec: Readonly<Record<string, unknown>>): readonly Graph[] {
  const [source] = sourceInput(spec['source'], 'source', 'source_time', SOURCE)
  const { axes, ...input } = source!
  const hasTime = 'source_time' in axes
  const inputs = hasTime ? [input, lengthsInput('source_time')] : [input]
  const { vocabSize } = spec['target'] as { vocabSize: number }
  const encode = (given: Readonly<Record<string, tf.Tensor>>) => model.encode!(given['source']!, given['lengths'])
  const tokens = tokensInput('tokens', ['batch'], vocabSize)
  const example = (sample: 0 | 1): object => {
    const sizes = Object.fromEntries(Object.entries(axes).map(([name, pair]) => [name, pair[sample]]))
    const tensors = inputs.map(({ name, dtype, shape, value }): [string, tf.Tensor] => {
      const full = shape.map((size) => (typeof size === 'string' ? sizes[size]! : size))
      const count = full.reduce((product, n) => product * n, 1)
      return [
        name,
        tf.tensor(
          Array.from({ length: count }, (_, i) => value?.(i, sizes) ?? 0.5),
          full,
          dtype,
        ),
      ]
    })
    return encode(Object.fromEntries(tensors))
  }
  const shape = stateInputs(example, 'state')
  const encoder: Graph = { name: 'encoder', inputs, axes, run: (given) => flattened('state', encode(given)) }
  if (!growsByStep(model, () => example(0))) {
    return [
      encoder,
      {
        name: 'decoder',
        inputs: [tokens, ...shape.inputs],
        axes,
        run(given) {
          const { logits, state } = model.step!(given['tokens']!, shape.rebuild(given))
          return { logits, ...flattened('next_state', state) }
        },
      },
    ]
  }
  // A cache of keys and values would be another graph for the first step: the decoder reads the whole prefix.
  const target = tokensInput('target', ['batch', 'time'], vocabSize)
  return [
    {
      name: 'model',
      inputs: [...inputs, target],
      axes: { ...axes, time: TIME },
      run: (given) => flattened('logits', model.forward(given['source'], given['lengths'], given['target'])),
    },
  ]
}

/** Whether the state after a step has other shapes than before, as a cache of keys and values has. */
function growsByStep(model: Abilities, start: () => object): boolean {
  const shapes = (state: object) =>
    JSON.stringify(Object.entries(flattened('state', state)).map(([name, { shape }]) => [name, shape]))
  let grows = false
  tf.tidy(() => {
    const state = start()
    grows = shapes(model.step!(tf.zeros([BATCH[0]], 'int32'), state).state) !== shapes(state)
  })
  return grows
}

/** Every tensor in a value by path. */
function flattened(name: string, value: unknown): Readonly<Record<string, tf.Tensor>> {
  if (value instanceof tf.Tensor) return { [name]: value }
  if (typeof value !== 'object' || value === null) return {}
  const isTop = !/\./.test(name) && !name.endsWith('state')
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, each]) => flattened(isTop ? key : `${name}.${key}`, each)),
  )
}

/**
 * Inputs for the tensors of a state, and the way back from them to the state.
 *
 * @param make the state for the first or the second of the sizes of each axis
 */
function stateInputs(make: (sample: 0 | 1) => object, name: string) {
  const states: object[] = []
  // Shapes are all that is needed of the tensors.
  tf.tidy(() => {
    states.push(make(0), make(1))
  })
  const [first, second] = states.map((state) => flattened(name, state)) as [
    Readonly<Record<string, tf.Tensor>>,
    Readonly<Record<string, tf.Tensor>>,
  ]
  const axisOf = (a: number, b: number): number | string =>
    a === b ? a : a === BATCH[0] && b === BATCH[1] ? 'batch' : 'source_time'
  const inputs = Object.entries(first).map(
    ([key, { shape, dtype }]): GraphInput => ({
      name: key,
      dtype: dtype === 'int32' ? 'int32' : 'float32',
      shape: shape.map((size, axis) => axisOf(size, second[key]!.shape[axis]!)),
    }),
  )
  const state = states[0]!
  const rebuild = (given: Readonly<Record<string, tf.Tensor>>): object => rebuilt(state, name, given) as object
  return { inputs, rebuild }
}

function rebuilt(value: unknown, name: string, given: Readonly<Record<string, tf.Tensor>>): unknown {
  if (value instanceof tf.Tensor) return given[name]
  if (Array.isArray(value)) return value.map((each, i) => rebuilt(each, `${name}.${i}`, given))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rebuilt(each, `${name}.${key}`, given)]))
}
