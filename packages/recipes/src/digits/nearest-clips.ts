import type { SoundClip } from '@heddle/data'
import type { WritingExample } from '../writing/exact-match.ts'
import type { SoundFrames } from './sound-frames.ts'

/** Every sound is stretched to so many frames. */
const FRAMES = 24

/** For each clip the text of the training clip whose frames, stretched to the same time, are nearest. */
export function nearestClips(
  train: readonly WritingExample<SoundClip>[],
  test: readonly WritingExample<SoundClip>[],
  frames: SoundFrames,
  numMels: number,
): string[] {
  const stretchedFrames = ({ source }: WritingExample<SoundClip>) =>
    stretched(frames.normalized(source.samples), numMels)
  const known = train.map(stretchedFrames)
  return test.map((example) => {
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
  })
}

/** @param data [T, M] @returns [FRAMES, M], linearly interpolated */
function stretched(data: Float32Array, numMels: number): Float32Array {
  const T = data.length / numMels
  const result = new Float32Array(FRAMES * numMels)
  for (let t = 0; t < FRAMES; t++) {
    const at = (t * (T - 1)) / (FRAMES - 1)
    const before = Math.floor(at)
    const after = Math.min(T - 1, before + 1)
    for (let m = 0; m < numMels; m++) {
      const [from, to] = [data[before * numMels + m]!, data[after * numMels + m]!]
      result[t * numMels + m] = from + (at - before) * (to - from)
    }
  }
  return result
}
