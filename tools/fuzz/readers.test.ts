import { describe, expect, it } from 'vitest'
import { type FuzzTarget, fuzz } from './fuzz.ts'
import {
  gzipMembersTarget,
  gzipTarget,
  idxTarget,
  imageSetTarget,
  ngramTarget,
  safetensorsTarget,
  wavTarget,
} from './targets/binary.ts'
import { pngPixelsTarget, pngTarget } from './targets/png.ts'
import { sentencePieceTarget } from './targets/sentence-piece.ts'
import { bytesTarget, csvCellsTarget, dateTarget, readersTarget, textTarget } from './targets/text.ts'
import { tokenizerJsonTarget, tokenizerTextTarget } from './targets/tokenizer.ts'

/** Seconds for all readers together. */
const SECONDS = Number(process.env['HEDDLE_FUZZ_SECONDS'] ?? 20)
/** Another seed gives other inputs. */
const SEED = Number(process.env['HEDDLE_FUZZ_SEED'] ?? 1)

// biome-ignore lint/suspicious/noExplicitAny: each target goes only with its own inputs
const targets: readonly FuzzTarget<any>[] = [
  pngTarget,
  pngPixelsTarget,
  gzipTarget,
  gzipMembersTarget,
  idxTarget,
  imageSetTarget,
  wavTarget,
  safetensorsTarget,
  ngramTarget,
  textTarget,
  bytesTarget,
  readersTarget,
  csvCellsTarget,
  dateTarget,
  sentencePieceTarget,
  tokenizerJsonTarget,
  tokenizerTextTarget,
]

describe('readers refuse or read whatever they are given, and never do another thing', () => {
  const seconds = SECONDS / targets.length
  it.each(targets)('$name', { timeout: 1000 * (seconds + 60) }, async (target) => {
    const count = await fuzz(target, { seconds, seed: SEED })
    console.info(`${target.name}: ${count.toLocaleString('en-US')} inputs with the seed ${SEED}`)
    expect(count).toBeGreaterThan(10)
  })
})
