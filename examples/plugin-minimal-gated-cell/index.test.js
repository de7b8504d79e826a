import { pluginContract } from '@heddle/testing'
import { cellContract } from '@heddle/testing/cell'
import { MinimalGatedCell, minimalGatedCell } from './index.js'

pluginContract(minimalGatedCell)
cellContract('acme/mgu', { make: (sizes, rng) => new MinimalGatedCell({ ...sizes, forgetBias: 0.5 }, rng) })
