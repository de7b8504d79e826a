import { AbilityKind, abilityOf, usePoint } from '@heddle/tasks'
import * as z from 'zod'
import type { FilledMask } from './fill-mask.ts'

/** Finds the words of masks in a text. */
export interface MaskFiller {
  /** @param top number of tokens for each mask */
  fillMask(text: string, top?: number): Promise<readonly FilledMask[]>
}

export const maskFilling = new AbilityKind<MaskFiller>('fill-mask')

/** `heddle fill-mask`: the most likely words in the places of `[MASK]`. */
export const fillMaskUse = usePoint.of({
  name: 'fill-mask',
  summary: 'find the words behind [MASK] with a trained run',
  config: z.strictObject({
    top: z.int().min(1).default(5).describe('number of words for each mask'),
  }),
  create: ({ top }, context) => {
    const filler = abilityOf(context, maskFilling)
    return async (inputs) => {
      const filled: (readonly FilledMask[])[] = []
      for (const text of inputs) filled.push(await filler.fillMask(text, top))
      return {
        outputs: filled.map(lines),
        json: inputs.map((text, i) => ({ text, masks: filled[i] })),
        // The best word of each mask, then all of them.
        rows: filled.map((masks) => ({
          prediction: masks.map(({ tokens }) => tokens[0]?.text ?? ''),
          tokens: masks.map(({ tokens }) => tokens.map(({ text }) => text)),
          scores: masks.map(({ tokens }) => tokens.map(({ score }) => score)),
        })),
      }
    }
  },
})

/** One line for each word, with its probability, and an empty line between masks. */
function lines(masks: readonly FilledMask[]): string {
  return masks
    .map(({ tokens }) =>
      tokens.map(({ score, text }) => `${(100 * score).toFixed(1).padStart(5)} %  ${text}`).join('\n'),
    )
    .join('\n\n')
}
