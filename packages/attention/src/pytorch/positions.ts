import { type PyTorchModule, type PyTorchSource, pyTorchClass } from '@heddle/layers'
import type { AlibiPositions } from '../positions/alibi-positions.ts'
import type { LearnedPositions } from '../positions/learned-positions.ts'
import type { RelativeBias } from '../positions/relative-bias.ts'
import type { RotaryPositions } from '../positions/rotary-positions.ts'
import type { SinusoidalPositions } from '../positions/sinusoidal-positions.ts'

/** The class of positions that change nothing; every other kind has its methods. Returns its name in the file. */
export const positionsClass = (source: PyTorchSource): string =>
  source.define(
    'NoPositions',
    (name) => `class ${name}(nn.Module):
    """No positions. Other kinds add to the input, turn queries and keys, or add to the scores."""

    def add(self, x, ids=None):
        # vectors [B, T, D] of the tokens ids [B, T]
        return x

    def rotate(self, x):
        # queries or keys [B, T, N, K]
        return x

    def bias(self, T):
        # -> [1, N, T, T], or None
        return None
`,
  )

interface PositionsClass {
  readonly name: string
  readonly summary: string
  readonly fields?: Readonly<Record<string, string>>
  /** Whether `fields` has a weight, under the name that it has in Heddle. */
  readonly hasWeight?: boolean
  readonly methods: string
}

/** A kind of positions as a class with some of the methods of {@link positionsClass}. */
export const pyTorchPositions = (
  source: PyTorchSource,
  { hasWeight = false, ...options }: PositionsClass,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    ...options,
    base: positionsClass(source),
    ...(hasWeight && { weights: [{ name: 'weight', path: 'weight' }] }),
  })

const table = ([rows, columns]: readonly number[]) => ({
  weight: `nn.Parameter(0.02 * torch.randn(${rows}, ${columns}))`,
})

export const learnedPositions = ({ weight: { shape } }: LearnedPositions, source: PyTorchSource) =>
  pyTorchPositions(source, {
    name: 'LearnedPositions',
    summary: 'A trained vector for each position.',
    fields: table(shape),
    hasWeight: true,
    methods: `
    def add(self, x, ids=None):
        return x + self.weight[: x.shape[1]]
`.slice(1),
  })

export const sinusoidalPositions = ({ hiddenSize, base }: SinusoidalPositions, source: PyTorchSource) =>
  pyTorchPositions(source, {
    name: 'SinusoidalPositions',
    summary: 'Vectors of sines and cosines; all sines come first.',
    methods: `
    def add(self, x, ids=None):
        i = torch.arange(${hiddenSize}, dtype=torch.float64) % ${Math.ceil(hiddenSize / 2)}
        angles = torch.arange(x.shape[1], dtype=torch.float64)[:, None] * ${base} ** (-2 * i / ${hiddenSize})
        vectors = torch.cat([angles[:, :${Math.ceil(hiddenSize / 2)}].sin(), angles[:, ${Math.ceil(hiddenSize / 2)}:].cos()], 1)
        return x + vectors.to(x)
`.slice(1),
  })

export const rotaryPositions = ({ base, rotatedSize }: RotaryPositions, source: PyTorchSource) =>
  pyTorchPositions(source, {
    name: 'RotaryPositions',
    summary: `Turns pairs (i, i + ${rotatedSize / 2}) of queries and keys by angles that grow with the position.`,
    methods: `
    def rotate(self, x):
        half = ${rotatedSize / 2}
        frequencies = ${base} ** (-2 * torch.arange(half, dtype=torch.float64) / ${rotatedSize})
        angles = (torch.arange(x.shape[1], dtype=torch.float64)[:, None] * frequencies)[:, None]  # [T, 1, R / 2]
        cos, sin = angles.cos().to(x), angles.sin().to(x)
        first, second, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
        return torch.cat([first * cos - second * sin, second * cos + first * sin, rest], -1)
`.slice(1),
  })

export const alibiPositions = ({ slopes }: AlibiPositions, source: PyTorchSource) =>
  pyTorchPositions(source, {
    name: 'AlibiPositions',
    summary: 'A penalty on the scores that grows with the distance, at another rate in each head.',
    fields: { slopes: `[${slopes.join(', ')}]` },
    methods: `
    def bias(self, T):
        places = torch.arange(T)
        distances = (places[:, None] - places).abs()  # [T, T]
        return -torch.tensor(self.slopes)[None, :, None, None] * distances
`.slice(1),
  })

export const relativeBias = ({ weight: { shape }, causal, maxDistance }: RelativeBias, source: PyTorchSource) => {
  const count = causal ? shape[0]! : Math.floor(shape[0]! / 2)
  const exact = Math.floor(count / 2)
  return pyTorchPositions(source, {
    name: 'RelativeBias',
    summary: 'A trained number for each head and each range of distances.',
    fields: table(shape),
    hasWeight: true,
    methods: `
    def bias(self, T):
        buckets = torch.tensor([self.bucket(distance) for distance in range(1 - T, T)], device=self.weight.device)
        places = torch.arange(T, device=self.weight.device)
        numbers = self.weight[buckets]  # [2 * T - 1, N]
        return numbers[places - places[:, None] + T - 1].permute(2, 0, 1)[None]

    def bucket(self, distance):
        # of a key, as seen from the query
        side = ${causal ? '0' : `${count} if distance > 0 else 0`}
        far = ${causal ? 'max(0, -distance)' : 'abs(distance)'}
        if far < ${exact}:
            return side + far
        share = math.log(far / ${exact}) / math.log(${maxDistance} / ${exact})
        return side + min(${count - 1}, ${exact} + int(share * ${count - exact}))
`.slice(1),
  })
}
