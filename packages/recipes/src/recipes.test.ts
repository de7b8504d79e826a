import { useWasm } from '@heddle/kernels'
import { recipePoint } from '@heddle/tasks'
import { pluginContract } from '@heddle/testing'
import { recipeContract } from '@heddle/testing/recipe'
import { expect, it } from 'vitest'
import { recipesPlugin } from './plugin.ts'
import { registry } from './test-support/registry.ts'
import { TINY } from './test-support/tiny.ts'

it('covers every recipe of the package', () => {
  expect(Object.keys(TINY).sort()).toEqual(
    registry
      .list(recipePoint)
      .map(({ name }) => name)
      .sort(),
  )
})

pluginContract(recipesPlugin)

for (const [name, tiny] of Object.entries(TINY)) {
  recipeContract(name, { registry, tiny, useBackend: () => useWasm({ threads: 1 }) })
}
