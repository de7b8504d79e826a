import type { Plugin } from '@heddle/core'
import { modelPoint } from '@heddle/layers'
import { taskPoint } from '@heddle/tasks'
import { fillMaskUse } from './masked-lm/mask-filling.ts'
import { maskedLm } from './masked-lm/masked-lm.ts'
import { jigsaw } from './pictures/jigsaw.ts'
import { JigsawSolver, jigsawSolverConfig } from './pictures/jigsaw-solver.ts'
import { maskedPatches } from './pictures/masked-patches.ts'
import { PatchFiller, patchFillerConfig } from './pictures/patch-filler.ts'
import { answerUse } from './question-answering/answering.ts'
import { questionAnswering } from './question-answering/question-answering.ts'
import { entitiesUse } from './subword-tagging/entity-finding.ts'
import { subwordTagging } from './subword-tagging/subword-tagging.ts'

/** Plugin with the tasks of pre-training and fine-tuning, their uses, and the models of the tasks on pictures. */
export const bertPretrainPlugin: Plugin = {
  name: '@heddle/bert-pretrain',
  contributes: [
    taskPoint.of(maskedLm),
    taskPoint.of(maskedPatches),
    taskPoint.of(jigsaw),
    taskPoint.of(subwordTagging),
    taskPoint.of(questionAnswering),
    fillMaskUse,
    entitiesUse,
    answerUse,
    modelPoint.of({
      name: 'patch-filler',
      summary: 'fills in hidden patches of a picture from the rows of pixels',
      config: patchFillerConfig,
      create: (config, context) => new PatchFiller(config, context),
    }),
    modelPoint.of({
      name: 'jigsaw-solver',
      summary: 'says which patch of a shuffled picture stands at each place',
      config: jigsawSolverConfig,
      create: (config, context) => new JigsawSolver(config, context),
    }),
  ],
}
