import { mapInTurns } from '@heddle/core'
import type { SoundClip } from '@heddle/data'
import type { Baseline } from '../run/recipe.ts'
import type { SourceTargetPair } from '../sequence-to-text/sequence-to-text.ts'
import type { SoundFrames } from './sound-frames.ts'
import type { SpeechToTextPipeline } from './speech-to-text.ts'

// T frames, M mel bands

/** Number of frames to which every sound is stretched. */
const FRAMES = 24

/** Baseline: the text of the training clip whose frames, stretched to the same time, are nearest. */
export const nearestSound: Baseline<SourceTargetPair<SoundClip>, SpeechToTextPipeline> = async ({
  train,
  heldOut,
  pipeline,
  signal,
}) => {
  const stretchedFrames = ({ source }: SourceTargetPair<SoundClip>) => stretched(pipeline.frames, source)
  const known = await mapInTurns(train, stretchedFrames, signal)
  const nearestText = (example: SourceTargetPair<SoundClip>) => {
    const wanted = stretchedFrames(example)
    let nearest = 0
    let least = Number.POSITIVE_INFINITY
    for (const [i, candidate] of known.entries()) {
      let distance = 0
      for (let j = 0; j < wanted.length && distance < least; j++) distance += (wanted[j]! - candidate[j]!) ** 2
      if (distance < least) {
        least = distance
        nearest = i
      }
    }
    return train[nearest]!.target
  }
  return pipeline.score(await mapInTurns(heldOut, nearestText, signal), heldOut)
}

/** @returns [FRAMES, M], linearly interpolated */
function stretched(frames: SoundFrames, clip: SoundClip): Float32Array {
  const M = frames.numMels
  const data = frames.normalized(frames.encode(clip)) // [T, M]
  const T = data.length / M
  const result = new Float32Array(FRAMES * M)
  for (let t = 0; t < FRAMES; t++) {
    const at = (t * (T - 1)) / (FRAMES - 1)
    const before = Math.floor(at)
    const after = Math.min(T - 1, before + 1)
    for (let m = 0; m < M; m++) {
      const [from, to] = [data[before * M + m]!, data[after * M + m]!]
      result[t * M + m] = from + (at - before) * (to - from)
    }
  }
  return result
}
