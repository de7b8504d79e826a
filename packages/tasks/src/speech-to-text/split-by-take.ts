import type { SoundClip } from '@heddle/data'
import { type Dataset, type SplitSettings, splitAtRandom } from '../run/dataset.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'

/**
 * Splits recordings by the number of their take: those below `testTakes` are the test part. Recordings without numbers are split
 * at random, and so are all of them where there is to be no test part.
 */
export function splitByTake(
  clips: readonly SourceTargetPair<SoundClip>[],
  settings: SplitSettings,
  seed: number,
  testTakes: number,
): Dataset<SourceTargetPair<SoundClip>> {
  const isTest = ({ source: { take } }: SourceTargetPair<SoundClip>) => take !== undefined && take < testTakes
  const isNumbered = clips.every(({ source }) => source.take !== undefined) && clips.some(isTest)
  if (!isNumbered || clips.every(isTest) || settings.test === 0) return splitAtRandom(clips, settings, seed)
  const rest = clips.filter((clip) => !isTest(clip))
  const { train, validation: held } = splitAtRandom(rest, { ...settings, test: 0 }, seed)
  return { train, validation: held, test: clips.filter(isTest) }
}
