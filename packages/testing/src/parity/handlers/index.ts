import type { Handler } from '../handler.ts'
import { memoryAttentionHandler } from './attention.ts'
import { layersHandler } from './layers.ts'
import { recurrentHandler } from './recurrent.ts'

/** Every family that there is code for; a new one is one file and one line here. */
export const handlers: readonly Handler[] = [recurrentHandler, memoryAttentionHandler, layersHandler]
