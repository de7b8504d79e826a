import { readIdxPictures } from '@heddle/data'
import { drawnDigits } from '@heddle/synthetic'
import type { RecipeData } from '@heddle/tasks'
import * as z from 'zod'

type LabeledPicture = Awaited<ReturnType<typeof readIdxPictures>>['examples'][number]

const fields = { size: z.int().min(8).default(20).describe('width and height in pixels of built-in pictures') }

/**
 * Pictures with labels. Recipes that share them and their split have the same test part, whether they read the labels or not.
 *
 * @param where the recipe, for messages
 */
export const labeledPictures = (where: string): RecipeData<LabeledPicture, typeof fields> => ({
  count: 6000,
  validation: 5000,
  test: 5000,
  fields,
  format: 'two IDX files, pictures and labels, or a folder that holds them; also packed by gzip',
  builtIn: ({ count, size }, rng) =>
    drawnDigits(count, rng, { size }).map(({ label, ...picture }) => ({ ...picture, labels: [label] })),
  read: (source) => readIdxPictures(source, { where }),
})

/** Settings of the recipes that learn from pictures without labels, for files of pictures: what longer training finds serves few labels. */
export const forManyPictures = ({ numTraining }: { readonly numTraining: number }) =>
  numTraining < 20_000 ? {} : { training: { steps: 3000, evaluateEvery: 500 } }
