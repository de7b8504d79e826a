import { describesPyTorch, type PyTorchModule, type PyTorchSource, pyTorchModule, weightOfPart } from '@heddle/layers'
import type { RecurrentCell } from '../cells/cell.ts'
import type { Recurrent } from '../recurrent.ts'
import type { PyTorchCell } from './cells.ts'

/**
 * A stack of cells as Python code: a network of torch.nn where there is one of the same equations, else step by step. Both take
 * x [B, T, I], the number of real steps of each row, and the state as a list with a tuple for each layer and direction.
 */
export async function recurrent(module: Recurrent, source: PyTorchSource): Promise<PyTorchModule> {
  return (await network(module, source)) ?? (await stepped(module, source))
}

/** Weights of learned initial states, and the expression that creates them. */
function initialState({ initialState, cells }: Recurrent) {
  if (initialState[0] === undefined) return { create: 'None', weights: [] }
  const sizes = cells.map(({ stateSizes }) => `(${stateSizes.join(', ')},)`)
  return {
    create: `[${sizes.join(', ')}]`,
    weights: cells.flatMap(({ stateSizes }, cell) =>
      stateSizes.map((_, i) => ({ name: `initial_state.${cell}.${i}`, path: `initialState.${cell}.${i}` })),
    ),
  }
}

/** Functions for learned initial states, where there are any. */
const learned = (source: PyTorchSource) => ({
  create: source.define(
    'learned_state',
    (name) => `def ${name}(sizes):
    """Parameters of an initial state, which start at zero."""
    return nn.ModuleList([nn.ParameterList([nn.Parameter(torch.zeros(size)) for size in each]) for each in sizes])
`,
  ),
  expand: source.define(
    'expanded_state',
    (name) => `def ${name}(parameters, B):
    """A learned initial state for every row of a batch."""
    return [tuple(each.expand(B, -1) for each in cell) for cell in parameters]
`,
  ),
})

/** A network of torch.nn, unless a cell has none there, or a dropout that is the same at all steps. */
async function network(module: Recurrent, source: PyTorchSource): Promise<PyTorchModule | undefined> {
  const { layers, cells, dropout, inputDropout, recurrentDropout } = module
  if (inputDropout > 0 || recurrentDropout > 0) return undefined
  const [first] = cells
  if (cells.some(({ hiddenSize }) => hiddenSize !== first!.hiddenSize)) return undefined
  if (layers.some(({ backward }) => (backward === undefined) !== (layers[0]!.backward === undefined))) return undefined
  // Cells are described beside the file, as their own classes are not needed in it.
  const aside: PyTorchSource = { define: (name) => name, pathOf: (part) => source.pathOf(part) }
  const described: PyTorchCell[] = []
  for (const cell of cells) {
    if (!describesPyTorch(cell)) return undefined
    described.push(await cell.toPyTorch(aside))
  }
  const kinds = new Set(described.map(({ network }) => network && `${network.name}${network.options}`))
  const kind = described[0]!.network
  if (kind === undefined || kinds.size > 1) return undefined
  const hasBackward = layers[0]!.backward !== undefined
  const name = defineNetwork(source)
  const start = initialState(module)
  const create = [
    `${kind.name}(${first!.inputSize}, ${first!.hiddenSize}`,
    layers.length > 1 ? `, num_layers=${layers.length}, dropout=${dropout}` : '',
    hasBackward ? ', bidirectional=True' : '',
    `${kind.options ?? ''}, batch_first=True)`,
  ].join('')
  return {
    create: `${name}(${create}${start.create === 'None' ? '' : `, ${start.create}`})`,
    weights: [
      ...described.flatMap(({ weights }, i) => {
        const layer = hasBackward ? Math.floor(i / 2) : i
        const isBackward = hasBackward && i % 2 === 1
        return weights.map((each) => ({
          ...each,
          name: `network.${each.name}_l${layer}${isBackward ? '_reverse' : ''}`,
          path: `layers.${layer}.${isBackward ? 'backward' : 'forward'}.${each.path}`,
        }))
      }),
      ...start.weights,
    ],
  }
}

function defineNetwork(source: PyTorchSource): string {
  const { create, expand } = learned(source)
  return source.define(
    'Recurrent',
    (name) => `class ${name}(nn.Module):
    """A recurrent network of torch.nn over padded sequences. Its state is a list: a tuple for each layer and direction."""

    def __init__(self, network, initial_state=None):
        super().__init__()
        self.network = network
        self.initial_state = None if initial_state is None else ${create}(initial_state)

    def start(self, B):
        if self.initial_state is not None:
            return ${expand}(self.initial_state, B)
        zeros = self.network.weight_hh_l0.new_zeros(B, self.network.hidden_size)
        tensors = 2 if isinstance(self.network, nn.LSTM) else 1
        return [(zeros,) * tensors] * (self.network.num_layers * (2 if self.network.bidirectional else 1))

    def forward(self, x, lengths=None, state=None):
        # x [B, T, I] -> outputs [B, T, D * H], zero past a row's length; the state after its last real step
        B, T, _ = x.shape
        state = self.start(B) if state is None else state
        start = tuple(torch.stack(each).contiguous() for each in zip(*state))
        if lengths is not None:
            x = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        outputs, end = self.network(x, start if len(start) > 1 else start[0])
        if lengths is not None:
            outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=T)
        tensors = end if isinstance(end, tuple) else (end,)
        return outputs, list(zip(*(tensor.unbind(0) for tensor in tensors)))
`,
  )
}

async function stepped(module: Recurrent, source: PyTorchSource): Promise<PyTorchModule> {
  const { layers, dropout, inputDropout, recurrentDropout } = module
  const directions = layers.map(({ forward, backward }): [string, RecurrentCell][] =>
    backward === undefined
      ? [['forward', forward]]
      : [
          ['forward', forward],
          ['backward', backward],
        ],
  )
  const described = await Promise.all(
    directions.map((cells) => Promise.all(cells.map(([, cell]) => pyTorchModule(cell, source)))),
  )
  const start = initialState(module)
  const name = defineSteps(source)
  const cells = described.map((each) => `[${each.map(({ create }) => create).join(', ')}]`)
  const settings = [
    `dropout=${dropout}, input_dropout=${inputDropout}, recurrent_dropout=${recurrentDropout}`,
    ...(start.create === 'None' ? [] : [`initial_state=${start.create}`]),
  ]
  return {
    create: `${name}([${cells.join(', ')}], ${settings.join(', ')})`,
    weights: [
      ...described.flatMap((each, layer) =>
        each.flatMap(({ weights }, i) =>
          weights.map((weight) =>
            weightOfPart(weight, `layers.${layer}.${i}`, `layers.${layer}.${directions[layer]![i]![0]}`),
          ),
        ),
      ),
      ...start.weights,
    ],
  }
}

function defineSteps(source: PyTorchSource): string {
  const { create, expand } = learned(source)
  return source.define(
    'RecurrentSteps',
    (name) => `class ${name}(nn.Module):
    """Layers of any cells, one step after the other. Its state is a list: a tuple for each layer and direction."""

    def __init__(self, layers, dropout=0.0, input_dropout=0.0, recurrent_dropout=0.0, initial_state=None):
        super().__init__()
        self.layers = nn.ModuleList([nn.ModuleList(cells) for cells in layers])
        self.dropout, self.input_dropout, self.recurrent_dropout = dropout, input_dropout, recurrent_dropout
        self.initial_state = None if initial_state is None else ${create}(initial_state)

    def start(self, B):
        if self.initial_state is not None:
            return ${expand}(self.initial_state, B)
        zeros = lambda n: next(self.parameters()).new_zeros(B, n)
        return [tuple(zeros(n) for n in cell.state_sizes) for cells in self.layers for cell in cells]

    def forward(self, x, lengths=None, state=None):
        # x [B, T, I] -> outputs [B, T, D * H], zero past a row's length; the state after its last real step
        B = len(x)
        state = self.start(B) if state is None else state
        end = []
        for layer, cells in enumerate(self.layers):
            if layer > 0:
                x = F.dropout(x, self.dropout, self.training)
            x = x * F.dropout(x.new_ones(B, 1, x.shape[2]), self.input_dropout, self.training)  # one mask for all steps
            runs = []
            for direction, cell in enumerate(cells):
                outputs, after = self.run(cell, x, state[len(end)], lengths, direction == 1)
                runs.append(outputs)
                end.append(after)
            x = torch.cat(runs, 2)
        return x, end

    def run(self, cell, x, state, lengths, reverse):
        B, T, _ = x.shape
        mask = None
        if self.training and self.recurrent_dropout > 0:
            mask = F.dropout(x.new_ones(B, cell.state_sizes[0]), self.recurrent_dropout)
        outputs = [None] * T
        for t in reversed(range(T)) if reverse else range(T):
            output, after = cell(x[:, t], state, mask)
            if lengths is not None:
                real = (t < lengths).unsqueeze(1)
                after = tuple(torch.where(real, new, old) for new, old in zip(after, state))
                output = output * real
            outputs[t], state = output, after
        return torch.stack(outputs, 1), state
`,
  )
}
