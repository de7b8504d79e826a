import {
  type DataSource,
  type LabeledTextsOptions,
  PAIR_NAMES,
  type PairNames,
  type ReadExamples,
  readLabeledPairs,
  readLabeledTexts,
  readTextPairs,
  type TextPair,
} from '@heddle/data'
import * as z from 'zod'
import type { LabeledText } from '../text-classification/text-reader.ts'

const malformed = z
  .enum(['error', 'skip'])
  .describe("rows of a table that cannot be read: 'error' stops at the first, 'skip' leaves them out and counts them")

const column = z.union([z.string(), z.int().min(1)]).optional()

const group = column.describe(
  'column of groups of a table, by name or number, such as authors or documents: rows of one group stay in one part (default: none)',
)

const labeledTextFields = {
  text: column.describe('column of texts of a table, by name or number (default: by its usual names)'),
  label: z
    .union([z.string(), z.int().min(1), z.array(z.union([z.string(), z.int().min(1)])).min(1)])
    .optional()
    .describe(
      'column of labels of a table, by name or number (default: by its usual names); or a list of columns of 0 and 1, one for each label',
    ),
  separator: z
    .string()
    .min(1)
    .optional()
    .describe("stands between the labels of a text that may have several or none, such as ',' (default: one label)"),
  header: z.boolean().optional().describe('whether the first row of a table names the columns (default: if it does)'),
  malformed: malformed.default('skip'),
  group,
  examples: z
    .enum(['files', 'lines'])
    .optional()
    .describe(
      'of text files in a folder for each label: whether each file is an example, or each line (default: each line of lists of words or names)',
    ),
}

const textPairFields = {
  source: column.describe('column of source texts of a table, by name or number (default: by its usual names)'),
  target: z
    .union([z.string(), z.int().min(1), z.array(z.union([z.string(), z.int().min(1)])).min(1)])
    .optional()
    .describe(
      'column of target texts of a table, by name or number (default: by its usual names); or a list of columns, each with a right target of the source',
    ),
  header: z.boolean().optional().describe('whether the first row of a table names the columns (default: if it does)'),
  malformed: malformed.default('error'),
}

type Fields<F extends z.ZodRawShape> = z.output<z.ZodObject<F>>

/**
 * The `fields` and `read` of a recipe whose data are texts with labels.
 *
 * @param where the recipe, for messages
 * @param labelNames names for labels, such as `{ '0': 'negative' }`
 * @param read another reader of the same options
 */
export const labeledTexts = (
  where: string,
  labelNames: Readonly<Record<string, string>> = {},
  read: (source: DataSource, options: LabeledTextsOptions) => Promise<ReadExamples<LabeledText>> = readLabeledTexts,
) => ({
  fields: labeledTextFields,
  read: (source: DataSource, options: Fields<typeof labeledTextFields>) => {
    const { text, label, separator, header, malformed, group, examples } = options
    return read(source, { where, text, label, separator, header, malformed, group, examples, labelNames })
  },
})

/**
 * The `fields` and `read` of a recipe whose data are pairs of texts.
 *
 * @param where the recipe, for messages
 * @param names usual names of the two columns
 */
export const pairedTexts = (where: string, names: PairNames) => ({
  fields: textPairFields,
  columns: { names: names.source.map((name) => [name]), likely: { columns: [1], header: false, width: 2 } },
  read: (
    given: DataSource,
    { source, target, header, malformed }: Fields<typeof textPairFields>,
  ): Promise<ReadExamples<TextPair>> => readTextPairs(given, { where, names, source, target, header, malformed }),
})

const labeledPairFields = {
  text: column.describe('column of first texts of a table, by name or number (default: by its usual names)'),
  pair: column.describe('column of second texts of a table, by name or number (default: by its usual names)'),
  label: column.describe('column of labels or scores of a table, by name or number (default: by its usual names)'),
  group,
  malformed: malformed.default('skip'),
}

/**
 * The `fields` and `read` of a recipe whose data are pairs of texts with labels or scores.
 *
 * @param where the recipe, for messages
 */
export const labeledPairs = (where: string) => ({
  fields: labeledPairFields,
  columns: { names: PAIR_NAMES, likely: { columns: [1, 2], header: false, width: 3, widest: 3 } },
  read: (source: DataSource, { text, pair, label, group, malformed }: Fields<typeof labeledPairFields>) =>
    readLabeledPairs(source, { where, text, pair, label, group, malformed }),
})
