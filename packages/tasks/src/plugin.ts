import type { Plugin } from '@heddle/core'
import { ensembleModel } from './ensemble/ensemble-model.ts'
import { forecasting } from './forecasting/forecasting.ts'
import { frameClassification } from './frame-classification/frame-classification.ts'
import { imageClassification } from './image-classification/image-classification.ts'
import { imageToText } from './image-to-text/image-to-text.ts'
import { languageModeling } from './language-modeling/language-modeling.ts'
import { ngramLanguageModel } from './language-modeling/ngram-language-model.ts'
import { speechToText } from './speech-to-text/speech-to-text.ts'
import { taskPoint } from './task/task-point.ts'
import { textClassification } from './text-classification/text-classification.ts'
import { textPairs } from './text-pair/text-pair.ts'
import { textToText } from './text-to-text/text-to-text.ts'
import { tokenClassification } from './token-classification/token-classification.ts'
import { describeUse } from './uses/describe.ts'
import { generateUse } from './uses/generate.ts'
import { predictUse } from './uses/predict.ts'
import { scoreUse } from './uses/score.ts'
import { translateUse } from './uses/translate.ts'

/** The tasks of this package, the uses of trained tasks, and the n-gram language model. */
export const tasksPlugin: Plugin = {
  name: '@heddle/tasks',
  contributes: [
    taskPoint.of(languageModeling),
    taskPoint.of(textClassification),
    taskPoint.of(textPairs),
    taskPoint.of(tokenClassification),
    taskPoint.of(textToText),
    taskPoint.of(imageToText),
    taskPoint.of(imageClassification),
    taskPoint.of(speechToText),
    taskPoint.of(frameClassification),
    taskPoint.of(forecasting),
    ngramLanguageModel,
    ensembleModel,
    translateUse,
    generateUse,
    predictUse,
    describeUse,
    scoreUse,
  ],
}
