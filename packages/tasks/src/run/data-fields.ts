import { z } from 'zod'

const malformed = z
  .enum(['error', 'skip'])
  .describe("rows of a table that cannot be read: 'error' stops at the first, 'skip' leaves them out and counts them")

const column = z.union([z.string(), z.int().min(1)]).optional()

/** Settings under `data` of recipes that read texts with labels from a table. */
export const labeledTextFields = {
  text: column.describe('column of texts of a table, by name or number (default: by its usual names)'),
  label: column.describe('column of labels of a table, by name or number (default: by its usual names)'),
  header: z.boolean().optional().describe('whether the first row of a table names the columns (default: if it does)'),
  malformed: malformed.default('skip'),
}

/** Settings under `data` of recipes that read pairs of texts from a table. */
export const textPairFields = {
  source: z.string().optional().describe('column of source texts of a table (default: by its usual names)'),
  target: z.string().optional().describe('column of target texts of a table (default: by its usual names)'),
  malformed: malformed.default('error'),
}
