import { copyPairs } from '@heddle/synthetic'
import { letterProbe } from './letter-probe.ts'

/**
 * Probe of memory: a sequence of letters is written down again, also longer ones than training had.
 *
 * @see Graves, Wayne & Danihelka 2014, "Neural Turing machines", section 4.1
 */
export const copy = letterProbe({
  name: 'copy',
  summary: 'probe: writes a sequence of letters again, also longer ones than in training',
  pairs: copyPairs,
})
