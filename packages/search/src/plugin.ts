import type { Plugin } from '@heddle/core'
import { gridMethod } from './methods/grid.ts'
import { halvingMethod } from './methods/halving.ts'
import { randomMethod } from './methods/random.ts'
import { tpeMethod } from './methods/tpe.ts'
import { halvingPruner } from './pruners/halving.ts'
import { medianPruner } from './pruners/median.ts'
import { nonePruner } from './pruners/none.ts'

/** The search methods and pruners of this package as a plugin. */
export const searchPlugin: Plugin = {
  name: '@heddle/search',
  contributes: [gridMethod, randomMethod, halvingMethod, tpeMethod, nonePruner, medianPruner, halvingPruner],
}
