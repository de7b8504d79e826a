import type { PyTorchSource } from '@heddle/layers'
import type { PoolingKind } from '../pooling.ts'

const functions: Readonly<Record<PoolingKind, string>> = {
  first: `
    """The first of the steps [B, T, D]."""
    return outputs[:, 0]
`,
  last: `
    """The last real one of the steps [B, T, D]."""
    if mask is None:
        return outputs[:, -1]
    return outputs[torch.arange(len(outputs), device=outputs.device), mask.sum(1).clamp(min=1) - 1]
`,
  mean: `
    """Mean over the real steps; outputs [B, T, D] are zero past a length."""
    return outputs.mean(1) if mask is None else outputs.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
`,
  max: `
    """Maximum over the real steps of outputs [B, T, D]."""
    return (outputs if mask is None else outputs.masked_fill(~mask.unsqueeze(2), -1e9)).amax(1)
`,
}

/** One vector for each row, as a Python function of outputs and mask; returns its name in the file. */
export const poolFunction = (kind: PoolingKind, source: PyTorchSource): string =>
  source.define(
    `${kind}_step${kind === 'mean' || kind === 'max' ? 's' : ''}`,
    (name) => `def ${name}(outputs, mask=None):${functions[kind]}`,
  )

/** The mask of the real steps, or None. */
export const stepMask = (x: string): string =>
  `None if lengths is None else torch.arange(${x}.shape[1], device=${x}.device) < lengths.unsqueeze(1)`
