import { HeddleError } from '@heddle/core'
import type { StyledPicture } from '@heddle/data'
import { type Dataset, type SplitSettings, splitAtRandom } from '../run/dataset.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'

/**
 * Splits pictures by style: the test part has one style alone, which the other parts lack. Pictures of a single style are split at
 * random, and so are all where there is to be no test part.
 *
 * @param testStyle counted from 0; -1 for the last
 * @throws HeddleError `config` for a style that does not occur
 */
export function splitByStyle(
  pictures: readonly SourceTargetPair<StyledPicture>[],
  settings: SplitSettings,
  seed: number,
  testStyle: number,
): Dataset<SourceTargetPair<StyledPicture>> {
  const numStyles = pictures.reduce((most, { source }) => Math.max(most, source.style), 0) + 1
  if (numStyles === 1 || settings.test === 0) return splitAtRandom(pictures, settings, seed)
  const held = testStyle === -1 ? numStyles - 1 : testStyle
  const unseen = pictures.filter(({ source }) => source.style === held)
  const rest = pictures.filter(({ source }) => source.style !== held)
  if (unseen.length === 0 || rest.length === 0) {
    throw new HeddleError(
      'config',
      `data.testStyle: expected a style below ${numStyles}, got ${held}. Choose another style.`,
    )
  }
  return { ...splitAtRandom(rest, { ...settings, test: 0 }, seed), test: unseen }
}
