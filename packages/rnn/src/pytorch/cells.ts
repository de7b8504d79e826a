import type { PyTorchModule, PyTorchSource, PyTorchWeight } from '@heddle/layers'
import type { GRUCell } from '../cells/gru-cell.ts'
import type { LSTMCell } from '../cells/lstm-cell.ts'
import type { RNNCell } from '../cells/rnn-cell.ts'

/**
 * A cell as Python code: a class whose `forward(x, state, mask=None)` takes x [B, I], the state as a tuple of tensors and the
 * dropout mask of the hidden state [B, H], and returns the output [B, H] and the next state. Its field `state_sizes` is a tuple.
 */
export interface PyTorchCell extends PyTorchModule {
  /** The network of torch.nn that runs this cell over time, as `nn.LSTM`, and its further arguments. */
  readonly network?: { readonly name: string; readonly options?: string }
}

/** Weights of torch.nn's cells, whose names in a network end in `_l0` and the like. */
const weights: readonly PyTorchWeight[] = [
  { name: 'weight_ih', path: 'inputWeight', axes: [1, 0] },
  { name: 'weight_hh', path: 'recurrentWeight', axes: [1, 0] },
  { name: 'bias_ih', path: 'inputBias' },
  { name: 'bias_hh', path: 'recurrentBias' },
]

export function lstmCell({ inputSize, hiddenSize }: LSTMCell, source: PyTorchSource): PyTorchCell {
  const name = source.define(
    'LSTMCell',
    (name) => `class ${name}(nn.LSTMCell):
    """One step of an LSTM; a mask hides a part of h from the weights."""

    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        self.state_sizes = (hidden_size, hidden_size)

    def forward(self, x, state, mask=None):
        h, c = state
        h, c = super().forward(x, (h if mask is None else h * mask, c))
        return h, (h, c)
`,
  )
  return { create: `${name}(${inputSize}, ${hiddenSize})`, weights, network: { name: 'nn.LSTM' } }
}

export function gruCell({ inputSize, hiddenSize }: GRUCell, source: PyTorchSource): PyTorchCell {
  const name = source.define(
    'GRUCell',
    (name) => `class ${name}(nn.GRUCell):
    """One step of a GRU; a mask hides a part of h from the weights, not from the new state."""

    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        self.state_sizes = (hidden_size,)

    def forward(self, x, state, mask=None):
        (h,) = state
        if mask is None:
            h = super().forward(x, h)
            return h, (h,)
        rx, zx, nx = F.linear(x, self.weight_ih, self.bias_ih).chunk(3, 1)
        rh, zh, nh = F.linear(h * mask, self.weight_hh, self.bias_hh).chunk(3, 1)
        z = torch.sigmoid(zx + zh)
        n = torch.tanh(nx + torch.sigmoid(rx + rh) * nh)
        h = (1 - z) * n + z * h
        return h, (h,)
`,
  )
  return { create: `${name}(${inputSize}, ${hiddenSize})`, weights, network: { name: 'nn.GRU' } }
}

export function rnnCell({ inputSize, hiddenSize, activation }: RNNCell, source: PyTorchSource): PyTorchCell {
  const name = source.define(
    'RNNCell',
    (name) => `class ${name}(nn.RNNCell):
    """One step of a vanilla recurrent network; a mask hides a part of h from the weights."""

    def __init__(self, input_size, hidden_size, nonlinearity):
        super().__init__(input_size, hidden_size, nonlinearity=nonlinearity)
        self.state_sizes = (hidden_size,)

    def forward(self, x, state, mask=None):
        (h,) = state
        h = super().forward(x, h if mask is None else h * mask)
        return h, (h,)
`,
  )
  return {
    create: `${name}(${inputSize}, ${hiddenSize}, "${activation}")`,
    weights,
    network: { name: 'nn.RNN', options: `, nonlinearity="${activation}"` },
  }
}
