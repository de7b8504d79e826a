import { HeddleError } from '@heddle/core'
import { parseLines, parseTsv } from '@heddle/data'
import { z } from 'zod'
import { classificationMetrics } from '../classification/labels.ts'
import {
  type LabelledText,
  TextClassification,
  type TextSubject,
  textClassificationFields,
} from '../classification/text-classification.ts'
import type { DataSource } from '../data-source.ts'
import { type ReadExamples, recipePoint } from '../recipe.ts'
import { generateNames } from './peoples.ts'

export const namesConfig = z.strictObject({
  names: z.int().min(100).default(10_000).describe('how many names of built-in data are generated'),
  ...textClassificationFields({
    embeddingSize: 64,
    hiddenSize: 128,
    dropout: 0.3,
    tokenDropout: 0.02,
    pooling: 'last',
    heldOut: 0.1,
    batchSize: 128,
    steps: 1500,
    learningRate: 4e-3,
    warmupSteps: 100,
    evaluateEvery: 200,
  }),
})
export type NamesConfig = z.output<typeof namesConfig>

/** Files that come with data and hold none. */
const NOT_DATA = /^(licen[cs]e|notice|readme|copying|authors)\b/i

/**
 * Reads a folder with a file for each language, named after it, with a name in each line; or a single file of lines `name TAB
 * language`. Files of other kinds, such as a licence, are left out, and a name that a language has several times counts once: repeated
 * names would be learned by heart, and make what is measured depend on a few of them.
 */
export async function readNames({ name, files }: DataSource): Promise<ReadExamples<LabelledText>> {
  const data = files.filter((file) => !NOT_DATA.test(fileName(file.name)))
  const found: LabelledText[] = []
  for (const file of data) {
    const bytes = await file.bytes()
    if (data.length === 1) {
      const { rows } = parseTsv(bytes, { file: file.name, columns: ['text', 'label'], nonEmpty: ['text', 'label'] })
      found.push(...rows)
    } else {
      const label = fileName(file.name).replace(/\.\w+$/, '')
      const { rows } = parseLines(bytes, { file: file.name, trim: true })
      for (const text of rows) if (text !== '') found.push({ text, label })
    }
  }
  if (found.length === 0) {
    throw new HeddleError(
      'data',
      `names: expected files of names in ${name}, got none. Name a folder with a file for each language.`,
    )
  }
  const different = [...new Map(found.map((example) => [`${example.label}\t${example.text}`, example])).values()]
  const repeated = found.length - different.length
  return { examples: different, notes: repeated > 0 ? [`${repeated} repeated names left out`] : [] }
}

const fileName = (path: string) => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

const subject = ({ names }: NamesConfig): TextSubject => ({
  name: 'names',
  metrics: classificationMetrics('names', 0.95),
  dataFormat: 'a folder with a text file for each language, a name in each line; or a TSV file of name and language',
  builtIn: (seed) => generateNames({ count: names, seed }),
  read: readNames,
})

export const namesRecipe = recipePoint.of({
  name: 'names',
  summary: 'the language that a name comes from (built-in: names of invented peoples)',
  config: namesConfig,
  create: (config) => new TextClassification(config, subject(config)),
})
