import { type PyTorchModule, type PyTorchSource, pyTorchClass, pyTorchModule, weightOfPart } from '@heddle/layers'
import type { BahdanauDecoder } from '../decoders/bahdanau-decoder.ts'
import type { Bridge } from '../decoders/bridge.ts'
import type { LuongDecoder } from '../decoders/luong-decoder.ts'
import type { PlainDecoder } from '../decoders/plain-decoder.ts'

/** The state that each kind of bridge makes of an encoder's result. */
const bridges: Readonly<Record<Bridge['kind'], string>> = {
  copy: 'return encoded.state',
  zeros: "return None  # the decoder's own initial state",
  linear: `states = [(encoded.summary,)] if encoded.state is None else encoded.state
        return self.mapped(states)`,
  mean: `if encoded.mask is None:
            mean = encoded.outputs.mean(1)
        else:
            real = encoded.mask.unsqueeze(2).float()
            mean = (encoded.outputs * real).sum(1) / real.sum(1).clamp(min=1)
        return self.mapped([(mean,)])`,
}

const mapped = `
    def mapped(self, states):
        # Layers and tensors that the encoder lacks read its last one.
        item = lambda items, i: items[min(i, len(items) - 1)]
        return [
            tuple(torch.tanh(layer(item(item(states, i), j))) for j, layer in enumerate(maps))
            for i, maps in enumerate(self.layers)
        ]
`

export async function bridge({ kind, layers }: Bridge, source: PyTorchSource): Promise<PyTorchModule> {
  const maps = await Promise.all(layers.map((row) => Promise.all(row.map((map) => pyTorchModule(map, source)))))
  const lists = maps.map((row) => `nn.ModuleList([${row.map(({ create }) => create).join(', ')}])`)
  return pyTorchClass(source, {
    name: 'Bridge',
    summary: 'Makes the state that the decoder starts from.',
    described:
      layers.length === 0
        ? {}
        : {
            layers: {
              create: `nn.ModuleList([${lists.join(', ')}])`,
              weights: maps.flatMap((row, i) =>
                row.flatMap(({ weights }, j) => weights.map((each) => weightOfPart(each, `${i}.${j}`, `${i}.${j}`))),
              ),
              path: 'layers',
            },
          },
    methods: `
    def forward(self, encoded):
        ${bridges[kind]}
${layers.length === 0 ? '' : mapped}`.slice(1),
  })
}

// Every decoder is a class of three methods: initial_state(layers, encoded), step(tokens [B], state) and forward(target [B, T],
// state, teacher_forcing).

/** Scheduled sampling, and the start of `forward`. */
const sampling = `
    def sampled(self, target, state, teacher_forcing):
        # Each step reads the true token with that probability, else the most likely one of the step before.
        steps, tokens = [], target[:, 0]
        for t in range(target.shape[1]):
            if t > 0:
                true = torch.rand(len(target), device=target.device) < teacher_forcing
                tokens = torch.where(true, target[:, t], steps[-1].detach().argmax(-1))
            logits, _, state = self.step(tokens, state)
            steps.append(logits)
        return torch.stack(steps, 1)
`

export const plainDecoder = ({ embedding, output, dropout, recurrent }: PlainDecoder, source: PyTorchSource) =>
  pyTorchClass(source, {
    name: 'PlainDecoder',
    summary: 'Decoder without attention: the source is in its initial state.',
    parts: { embedding, output, dropout, recurrent },
    methods: `
    def initial_state(self, layers, encoded):
        return {"layers": layers}

    def forward(self, target, state, teacher_forcing=1.0):
        # -> logits [B, T, V]
        if teacher_forcing < 1:
            return self.sampled(target, state, teacher_forcing)
        h, _ = self.recurrent(self.dropout(self.embedding(target)), state=state["layers"])
        return self.output(self.dropout(h))

    def step(self, tokens, state):
        x = self.dropout(self.embedding(tokens)).unsqueeze(1)
        h, layers = self.recurrent(x, state=state["layers"])
        return self.output(self.dropout(h)).squeeze(1), None, {"layers": layers}
${sampling}`.slice(1),
  })

export const bahdanauDecoder = (
  { embedding, output, dropout, attention, recurrent, readout }: BahdanauDecoder,
  source: PyTorchSource,
) =>
  pyTorchClass(source, {
    name: 'BahdanauDecoder',
    summary: 'Decoder that attends before each step (Bahdanau et al. 2015).',
    parts: { embedding, output, dropout, attention, recurrent, readout },
    methods: `
    def initial_state(self, layers, encoded):
        layers = self.recurrent.start(len(encoded.outputs)) if layers is None else layers
        return {"layers": layers, "memory": self.attention.prepare(encoded.outputs, encoded.mask)}

    def forward(self, target, state, teacher_forcing=1.0):
        # -> logits [B, T, V]
        if teacher_forcing < 1:
            return self.sampled(target, state, teacher_forcing)
        embedded = self.dropout(self.embedding(target))  # [B, T, E]
        features = []
        for t in range(target.shape[1]):
            feature, _, state = self.features(embedded[:, t], state)
            features.append(feature)
        return self.output(self.dropout(torch.stack(features, 1)))

    def step(self, tokens, state):
        feature, weights, state = self.features(self.dropout(self.embedding(tokens)), state)
        return self.output(self.dropout(feature)), weights, state

    def features(self, embedded, state):
        query = state["layers"][-1][0].unsqueeze(1)  # h of the step before, [B, 1, H]
        context, weights = self.attention(query, state["memory"])
        x = torch.cat([embedded.unsqueeze(1), context], 2)
        h, layers = self.recurrent(x, state=state["layers"])
        feature = ${readout === undefined ? 'h' : 'torch.tanh(self.readout(torch.cat([h, context, embedded.unsqueeze(1)], 2)))'}
        return feature.squeeze(1), weights.squeeze(1), {**state, "layers": layers}
${sampling}`.slice(1),
  })

export const luongDecoder = (
  { embedding, output, dropout, attention, recurrent, combine, inputFeeding }: LuongDecoder,
  source: PyTorchSource,
) =>
  pyTorchClass(source, {
    name: 'LuongDecoder',
    summary: 'Decoder that attends after each step (Luong et al. 2015).',
    parts: { embedding, output, dropout, attention, recurrent, combine },
    methods: `
    def initial_state(self, layers, encoded):
        state = {"layers": layers, "memory": self.attention.prepare(encoded.outputs, encoded.mask)}
${inputFeeding ? `        state["feed"] = encoded.outputs.new_zeros(len(encoded.outputs), 1, ${combine.weight.shape[1]})\n` : ''}        return state

    def forward(self, target, state, teacher_forcing=1.0):
        # -> logits [B, T, V]
        if teacher_forcing < 1:
            return self.sampled(target, state, teacher_forcing)
        embedded = self.dropout(self.embedding(target))  # [B, T, E]
${
  inputFeeding
    ? `        features = []
        for t in range(target.shape[1]):
            feature, _, state = self.features(embedded[:, t : t + 1], state)
            features.append(feature)
        return self.output(self.dropout(torch.cat(features, 1)))`
    : `        features, _, _ = self.features(embedded, state)
        return self.output(self.dropout(features))`
}

    def step(self, tokens, state):
        feature, weights, state = self.features(self.dropout(self.embedding(tokens)).unsqueeze(1), state)
        return self.output(self.dropout(feature)).squeeze(1), weights.squeeze(1), state

    def features(self, x, state):
${inputFeeding ? '        x = torch.cat([x, state["feed"]], 2)\n' : ''}        h, layers = self.recurrent(x, state=state["layers"])
        context, weights = self.attention(h, state["memory"])
        a = torch.tanh(self.combine(torch.cat([context, h], 2)))
        return a, weights, {**state, "layers": layers${inputFeeding ? ', "feed": a' : ''}}
${sampling}`.slice(1),
  })
