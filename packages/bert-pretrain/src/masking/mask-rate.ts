import * as z from 'zod'

const rate = z.number().gt(0).lt(1)

/** A share of the tokens to mask: fixed, or falling (or rising) in a straight line over the training. */
export const maskRateConfig: z.ZodType<MaskRate, number | { from: number; to: number }> = z.union([
  rate,
  z.strictObject({
    from: rate.describe('share at the first step'),
    to: rate.describe('share at the last step'),
  }),
])

export type MaskRate = number | { readonly from: number; readonly to: number }

/** The share of masked tokens after `step` of `steps` weight updates. */
export function maskRateAt(maskRate: MaskRate, step: number, steps: number): number {
  if (typeof maskRate === 'number') return maskRate
  const { from, to } = maskRate
  return from + (to - from) * Math.min(1, step / Math.max(1, steps - 1))
}
