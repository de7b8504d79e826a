import { sortPairs } from '@heddle/synthetic'
import { letterProbe } from './letter-probe.ts'

/**
 * Probe of comparing: the letters of a sequence are written in the order of the alphabet, also of longer ones than training had.
 *
 * @see Vinyals, Bengio & Kudlur 2016, "Order matters: sequence to sequence for sets"
 */
export const sort = letterProbe({
  name: 'sort',
  summary: 'probe: writes the letters of a sequence in order, also of longer ones than in training',
  pairs: sortPairs,
})
