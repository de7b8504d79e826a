import { reversePairs } from '@heddle/synthetic'
import { letterProbe } from './letter-probe.ts'

/**
 * Probe of memory and order: a sequence of letters is written from its end, also longer ones than training had.
 *
 * @see Grefenstette et al. 2015, "Learning to transduce with unbounded memory"
 */
export const reverse = letterProbe({
  name: 'reverse',
  summary: 'probe: writes a sequence of letters from its end, also longer ones than in training',
  pairs: reversePairs,
})
