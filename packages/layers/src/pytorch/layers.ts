import { HeddleError } from '@heddle/core'
import type { Activation, ActivationName } from '../activations.ts'
import type { AdaptiveSoftmax } from '../adaptive-softmax.ts'
import type { Conv2D } from '../conv2d.ts'
import type { Dropout } from '../dropout.ts'
import type { Embedding } from '../embedding.ts'
import type { LayerNorm } from '../layer-norm.ts'
import type { Linear } from '../linear.ts'
import type { MaxPool2D } from '../max-pool2d.ts'
import type { RMSNorm } from '../rms-norm.ts'
import type { Sequential } from '../sequential.ts'
import { type PyTorchModule, type PyTorchSource, pyTorchModule, weightOfPart } from './pytorch-module.ts'

const TRANSPOSED = [1, 0]
const weight = { name: 'weight', path: 'weight' }
const bias = { name: 'bias', path: 'bias' }

export function linear(layer: Linear, source: PyTorchSource): PyTorchModule {
  if (layer.adapter !== undefined) {
    throw new HeddleError(
      'config',
      `PyTorch: expected ${source.pathOf(layer)} without an adapter, got one. Merge the adapters first.`,
    )
  }
  const [I, O] = layer.weight.shape
  const hasBias = layer.bias !== undefined
  return {
    create: `nn.Linear(${I}, ${O}${hasBias ? '' : ', bias=False'})`,
    weights: [{ ...weight, axes: TRANSPOSED }, ...(hasBias ? [bias] : [])],
  }
}

/** The class of PyTorch, which has the same weights, with log-probabilities for its output. */
export function adaptiveSoftmax(layer: AdaptiveSoftmax, source: PyTorchSource): PyTorchModule {
  const { head, tail, cutoffs, numClasses, divValue } = layer
  const type = source.define(
    'AdaptiveSoftmax',
    (name) => `class ${name}(nn.AdaptiveLogSoftmaxWithLoss):
    """An adaptive softmax, as log-probabilities of all classes [..., C]."""

    def forward(self, x):
        return self.log_prob(x.flatten(0, -2)).unflatten(0, x.shape[:-1])
`,
  )
  const hasBias = head.bias !== undefined
  const matrix = (path: string) => ({ name: path, path, axes: TRANSPOSED })
  const options = `[${cutoffs.join(', ')}], div_value=${divValue}${hasBias ? ', head_bias=True' : ''}`
  return {
    create: `${type}(${head.weight.shape[0]}, ${numClasses}, ${options})`,
    weights: [
      matrix('head.weight'),
      ...(hasBias ? [{ name: 'head.bias', path: 'head.bias' }] : []),
      ...tail.flatMap((cluster, k) => cluster.map((_, i) => matrix(`tail.${k}.${i}.weight`))),
    ],
  }
}

export function embedding({ weight: { shape }, paddingIndex }: Embedding): PyTorchModule {
  const padding = paddingIndex === undefined ? '' : `, padding_idx=${paddingIndex}`
  return { create: `nn.Embedding(${shape[0]}, ${shape[1]}${padding})`, weights: [weight] }
}

export const dropout = ({ rate }: Dropout): PyTorchModule => ({ create: `nn.Dropout(${rate})`, weights: [] })

export function layerNorm({ weight: { size }, bias: own, epsilon }: LayerNorm): PyTorchModule {
  const hasBias = own !== undefined
  return {
    create: `nn.LayerNorm(${size}, eps=${epsilon}${hasBias ? '' : ', bias=False'})`,
    weights: [weight, ...(hasBias ? [bias] : [])],
  }
}

export const rmsNorm = ({ weight: { size }, epsilon }: RMSNorm): PyTorchModule => ({
  create: `nn.RMSNorm(${size}, eps=${epsilon})`,
  weights: [weight],
})

/** Functions of torch by the name of the activation, as expressions of x. */
const functions: Readonly<Record<ActivationName, string>> = {
  identity: 'x',
  relu: 'F.relu(x)',
  tanh: 'torch.tanh(x)',
  sigmoid: 'torch.sigmoid(x)',
  gelu: 'F.gelu(x)',
  'gelu-tanh': 'F.gelu(x, approximate="tanh")',
  silu: 'F.silu(x)',
  'relu-squared': 'F.relu(x).square()',
}

/** An activation as an expression. */
export const pyTorchActivation = (name: ActivationName, x: string): string => functions[name].replace(/\bx\b/, () => x)

export function activation({ function: name }: Activation, source: PyTorchSource): PyTorchModule {
  const type = source.define(
    `${name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`,
    (type) => `class ${type}(nn.Module):\n    def forward(self, x):\n        return ${functions[name]}\n`,
  )
  return { create: `${type}()`, weights: [] }
}

export function conv2d({ weight: { shape }, stride, padding, gain }: Conv2D, source: PyTorchSource): PyTorchModule {
  const name = source.define(
    'Conv2d',
    (name) => `class ${name}(nn.Conv2d):
    """A convolution over pictures with channels last [B, H, W, C], whose weights are multiplied by a gain."""

    def __init__(self, inputs, outputs, kernel_size, gain=1.0, **options):
        super().__init__(inputs, outputs, kernel_size, **options)
        self.gain = gain

    def forward(self, x):
        x = self._conv_forward(x.permute(0, 3, 1, 2), self.gain * self.weight, self.bias)
        return x.permute(0, 2, 3, 1)
`,
  )
  const [K, , I, O] = shape
  return {
    create: `${name}(${I}, ${O}, ${K}, gain=${gain}, stride=${stride}, padding=${padding})`,
    weights: [{ ...weight, axes: [3, 2, 0, 1] }, bias],
  }
}

export function maxPool2d({ size, stride }: MaxPool2D, source: PyTorchSource): PyTorchModule {
  const name = source.define(
    'MaxPool2d',
    (name) => `class ${name}(nn.MaxPool2d):
    """Max pooling over pictures with channels last [B, H, W, C]."""

    def forward(self, x):
        return super().forward(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
`,
  )
  return { create: `${name}(${size}, stride=${stride})`, weights: [] }
}

export async function sequential({ layers }: Sequential, source: PyTorchSource): Promise<PyTorchModule> {
  const parts = await Promise.all(layers.map((layer) => pyTorchModule(layer, source)))
  return {
    create: `nn.Sequential(${parts.map(({ create }) => create).join(', ')})`,
    weights: parts.flatMap(({ weights }, i) => weights.map((each) => weightOfPart(each, `${i}`, `layers.${i}`))),
  }
}
