import type { Handler } from '../handler.ts'
import {
  attentionVariantsHandler,
  memoryAttentionHandler,
  multiHeadHandler,
  scaledDotProductHandler,
} from './attention.ts'
import { bertHandler } from './bert.ts'
import { causalLmHandler } from './causal-lm.ts'
import { generationHandler } from './generation.ts'
import { layersHandler } from './layers.ts'
import { loraHandler } from './lora.ts'
import { marianHandler } from './marian.ts'
import { modelsHandler } from './models.ts'
import { optimHandler } from './optim.ts'
import { pipelinesHandler } from './pipelines.ts'
import { processorsHandler } from './processors.ts'
import { recurrentHandler } from './recurrent.ts'
import { schedulesHandler } from './schedules.ts'
import { tokenizersHandler } from './tokenizers.ts'
import { transformerHandler } from './transformer.ts'

/** Every family that there is code for; a new one is one file and one line here. */
export const handlers: readonly Handler[] = [
  recurrentHandler,
  memoryAttentionHandler,
  scaledDotProductHandler,
  attentionVariantsHandler,
  multiHeadHandler,
  layersHandler,
  modelsHandler,
  optimHandler,
  schedulesHandler,
  tokenizersHandler,
  transformerHandler,
  causalLmHandler,
  bertHandler,
  pipelinesHandler,
  marianHandler,
  processorsHandler,
  generationHandler,
  loraHandler,
]
