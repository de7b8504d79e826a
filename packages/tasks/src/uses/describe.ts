import type { DataFile } from '@heddle/data'
import * as z from 'zod'
import type { WriteOptions, WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { AbilityKind } from './ability.ts'
import { openedFiles } from './opened-files.ts'
import { writeFields, writtenResult } from './translate.ts'
import { abilityOf, usePoint } from './use.ts'

/** Writes a text about a file: the caption of a picture or of a folder of frames, the words of a recording. */
export interface Describer {
  describe(files: readonly DataFile[], options: WriteOptions): Promise<readonly WrittenText[]>
}

export const describing = new AbilityKind<Describer>('describe')

/** `heddle describe`: writes a text about each file. */
export const describeUse = usePoint.of({
  name: 'describe',
  summary: 'caption pictures (PNG) or clips (folders of PNG files), or write down recordings (WAV), with a trained run',
  config: z.strictObject({
    ...writeFields,
    beamWidth: writeFields.beamWidth.default(3),
    maxLength: writeFields.maxLength.default(60),
  }),
  create: ({ attention, ...options }, context) => {
    const describer = abilityOf(context, describing)
    return async (inputs) =>
      writtenResult(inputs, await describer.describe(openedFiles(inputs, context), options), {
        input: 'file',
        output: 'text',
        attention,
      })
  },
})
