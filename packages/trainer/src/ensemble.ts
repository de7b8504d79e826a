import { atOnce, floatTensor, HeddleError, inTurns, type Turns, tensorValues } from '@heddle/core'
import { Module, type StateDict } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// N any leading axes, C classes

/**
 * Combines several classifiers by the mean of their probabilities: log 1/n·Σ softmax(logits).
 *
 * The members may be of different kinds if they take the same inputs and have the same classes. For decoding, where
 * each member has a state, there is `ensembleStep` in `@heddle/decoding`.
 *
 * @see Hansen & Salamon 1990, "Neural network ensembles"
 */
export class Ensemble<I extends unknown[]> extends Module {
  readonly members: readonly Module[]
  readonly #logits: (member: Module, ...inputs: I) => tf.Tensor

  /** @param logits computes the logits of a member (default: its `forward`) */
  constructor(members: readonly Module[], logits?: (member: Module, ...inputs: I) => tf.Tensor) {
    super()
    if (members.length === 0) throw new HeddleError('config', 'Ensemble: expected at least one member, got none.')
    this.members = [...members]
    this.#logits = logits ?? ((member, ...inputs) => member.forward(...inputs) as tf.Tensor)
  }

  /** @returns log probabilities, [N…, C] */
  forward(...inputs: I): tf.Tensor {
    const logits = this.members.map((member) => tf.logSoftmax(this.#logits(member, ...inputs)))
    return tf.sub(tf.logSumExp(tf.stack(logits), 0), Math.log(logits.length))
  }
}

/**
 * Averages the weights of several checkpoints, such as the last ones of a run.
 *
 * @throws HeddleError `state-dict` when they are not of one model
 * @see Vaswani et al. 2017, "Attention is all you need", section 6.1
 */
export function averageStateDicts(states: readonly StateDict[]): StateDict {
  return atOnce(averaged(states))
}

/** `averageStateDicts` in turns, between which others work and a signal may end it, with its reason. */
export async function averageStateDictsAsync(
  states: readonly StateDict[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<StateDict> {
  return inTurns(averaged(states), signal)
}

function* averaged(states: readonly StateDict[]): Turns<StateDict> {
  const [first, ...others] = states
  if (first === undefined) {
    throw new HeddleError('usage', 'averageStateDicts: expected at least one state dict, got none.')
  }
  const average: StateDict = new Map()
  for (const [path, tensor] of first) {
    const sum = Float64Array.from(tensorValues(tensor))
    for (const other of others) {
      const same = other.get(path)
      if (same === undefined || `${same.shape}` !== `${tensor.shape}` || other.size !== first.size) {
        throw new HeddleError(
          'state-dict',
          `averageStateDicts: expected '${path}' [${tensor.shape}] in each of ${states.length} state dicts of one model, got ${same ? `[${same.shape}]` : 'one without it'}.`,
        )
      }
      const values = tensorValues(same)
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!
      yield
    }
    average.set(
      path,
      floatTensor(
        tensor.shape,
        Float32Array.from(sum, (x) => x / states.length),
      ),
    )
  }
  return average
}
