import type { Operation } from './operation.ts'

// T time, B batch, I input size, H hidden size, G gates

/** ONNX's recurrent networks: time first, weights [1, G·H, I] and [1, G·H, H], both biases side by side. */
const recurrent =
  (type: 'LSTM' | 'GRU' | 'RNN', gates: readonly number[]) =>
  (op: Operation): readonly string[] => {
    const { graph } = op
    const G = gates.length
    const recurrentWeight = op.weight('recurrentWeight')
    const H = Math.sqrt(recurrentWeight.length / G)
    const x = op.has('ids') ? graph.node('Gather', [op.input('x'), op.input('ids')], { axis: 0 }) : op.input('x')
    const inputs = [
      graph.node('Transpose', [x], { perm: [1, 0, 2] }),
      gateRows(op, op.weight('inputWeight'), gates, H),
      gateRows(op, recurrentWeight, gates, H),
      graph.initializer(
        Float32Array.from(
          [op.weight('inputBias'), op.weight('recurrentBias')].flatMap((bias) =>
            gates.flatMap((gate) => [...bias.subarray(gate * H, (gate + 1) * H)]),
          ),
        ),
        [1, 2 * G * H],
        'float32',
      ),
      op.has('lengths') ? op.input('lengths') : '',
      ...(type === 'LSTM' ? ['h0', 'c0'] : ['h0']).map((key) =>
        graph.node('Unsqueeze', [op.input(key), graph.integers([0])]),
      ),
    ]
    const states = type === 'LSTM' ? 2 : 1
    const [outputs, ...ends] = graph.nodeOf(
      type,
      inputs,
      {
        hidden_size: H,
        direction: op.attribute<boolean>('reverse') ? 'reverse' : 'forward',
        ...(type === 'GRU' && { linear_before_reset: 1 }),
        ...(type === 'RNN' && { activations: [op.attribute<string>('activation') === 'relu' ? 'Relu' : 'Tanh'] }),
      },
      1 + states,
    )
    const byRow = graph.node('Squeeze', [outputs!, graph.integers([1])])
    return [
      graph.node('Transpose', [byRow], { perm: [1, 0, 2] }),
      ...ends.map((end) => graph.node('Squeeze', [end, graph.integers([0])])),
    ]
  }

/** A weight [N, G·H] as ONNX's [1, G·H, N], with the gates in its order. */
function gateRows({ graph }: Operation, weight: Float32Array, gates: readonly number[], H: number): string {
  const width = gates.length * H
  const N = weight.length / width
  const rows = new Float32Array(weight.length)
  for (const [place, gate] of gates.entries()) {
    for (let h = 0; h < H; h++) {
      for (let n = 0; n < N; n++) rows[(place * H + h) * N + n] = weight[n * width + gate * H + h]!
    }
  }
  return graph.initializer(rows, [1, width, N], 'float32')
}

/** In Heddle's order: LSTM i f g o, GRU r z n; ONNX has i o f c and z r h. */
export const recurrentOperators = {
  HeddleLstmSequence: recurrent('LSTM', [0, 3, 1, 2]),
  HeddleGruSequence: recurrent('GRU', [1, 0, 2]),
  HeddleRnnSequence: recurrent('RNN', [0]),
}
