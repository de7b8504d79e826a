import * as z from 'zod'
import { prunerPoint } from './pruner.ts'

/** Lets every trial run to its end. */
export const nonePruner = prunerPoint.of({
  name: 'none',
  summary: 'every trial runs to its end',
  config: z.strictObject({}),
  create: () => ({ usesResults: false, shouldPrune: () => false }),
})
