import * as z from 'zod'
import type { WriteOptions, WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { beamFields } from '../sequence-to-text/settings.ts'
import { constraintFields } from '../task/decoding-constraints.ts'
import { AbilityKind } from './ability.ts'
import { abilityOf, type UseResult, usePoint } from './use.ts'

/** Writes a text for a text. */
export interface Translator {
  translate(texts: readonly string[], options: WriteOptions): Promise<readonly WrittenText[]>
}

export const translating = new AbilityKind<Translator>('translate')

/** The options of uses that write texts. */
export const writeFields = {
  beamWidth: z.int().min(1).default(1).describe('sequences followed at once; 1 takes the best token at each step'),
  maxLength: z.int().min(1).default(100).describe('longest output, in tokens'),
  attention: z.boolean().default(false).describe('show the attention over the source'),
  ...beamFields,
  ...constraintFields,
}

/** Written texts as the result of a use. */
export function writtenResult(
  inputs: readonly string[],
  written: readonly WrittenText[],
  { input, output, attention }: { input: string; output: string; attention: boolean },
): UseResult {
  return {
    outputs: written.map(({ text }) => text),
    json: written.map(({ text, logProbability, attention: map }, i) => ({
      [input]: inputs[i],
      [output]: text,
      logProbability,
      ...(attention && { attention: map }),
    })),
    rows: written.map(({ text, logProbability }) => ({ [output]: text, logProbability })),
    ...(attention && {
      exhibits: written.flatMap(({ text, attention: map }) =>
        map === undefined ? [] : [{ kind: 'attention', title: text, ...map }],
      ),
    }),
  }
}

/** `heddle translate`: writes a text for each text. */
export const translateUse = usePoint.of({
  name: 'translate',
  summary: 'translate texts with a trained run',
  config: z.strictObject(writeFields),
  create: ({ attention, ...options }, context) => {
    const translator = abilityOf(context, translating)
    return async (inputs) =>
      writtenResult(inputs, await translator.translate(inputs, { ...options, signal: context.signal }), {
        input: 'source',
        output: 'translation',
        attention,
      })
  },
})
