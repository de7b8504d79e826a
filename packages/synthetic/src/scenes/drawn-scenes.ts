import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { drawScene, NUM_STYLES, type SceneWithCaption } from './draw-scene.ts'

/** Pictures of one or two shapes with their captions, each in one of {@link NUM_STYLES} drawing styles. */
export function drawnScenes(count: number, rng: RandomStream): SceneWithCaption[] {
  checkInteger('drawnScenes', 'a count', count, 0)
  return Array.from({ length: count }, () => drawScene(rng.integer(NUM_STYLES), rng))
}
