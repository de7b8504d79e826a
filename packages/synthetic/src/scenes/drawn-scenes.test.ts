import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { NUM_STYLES, SCENE_SIZE } from './draw-scene.ts'
import { drawnScenes } from './drawn-scenes.ts'

it('draws scenes in all styles, each named by its caption', () => {
  const scenes = drawnScenes(60, new RandomStream(1))
  expect(new Set(scenes.map(({ source }) => source.style)).size).toBe(NUM_STYLES)
  for (const { source, target } of scenes) {
    expect(source).toMatchObject({ name: target, width: SCENE_SIZE, height: SCENE_SIZE })
    expect(source.pixels).toHaveLength(SCENE_SIZE * SCENE_SIZE * 3)
  }
})
