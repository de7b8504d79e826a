import type { Plugin } from '@heddle/core'
import { taskPoint } from '@heddle/tasks'
import { fillMaskUse } from './masked-lm/mask-filling.ts'
import { maskedLm } from './masked-lm/masked-lm.ts'
import { entitiesUse } from './subword-tagging/entity-finding.ts'
import { subwordTagging } from './subword-tagging/subword-tagging.ts'

/** Plugin with the tasks of pre-training and fine-tuning, and their uses. */
export const bertPretrainPlugin: Plugin = {
  name: '@heddle/bert-pretrain',
  contributes: [taskPoint.of(maskedLm), taskPoint.of(subwordTagging), fillMaskUse, entitiesUse],
}
