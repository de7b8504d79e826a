import * as z from 'zod'

/** The settings under `data` of recipes that read words with tags. */
export const taggedFields = {
  tags: z
    .enum(['upos', 'xpos'])
    .default('upos')
    .describe("tags of a CoNLL-U file: the universal ones or the treebank's own"),
  column: z.int().min(2).optional().describe('column of the tags in a file of columns (default: the last)'),
  scheme: z
    .enum(['iob2', 'iobes'])
    .optional()
    .describe('scheme of the tags of spans (default: IOB1 becomes IOB2, others stay as they are)'),
  malformed: z
    .enum(['error', 'skip'])
    .default('error')
    .describe("sentences that cannot be read: 'error' stops at the first, 'skip' leaves them out and counts them"),
}
