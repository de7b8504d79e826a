import type { Plugin } from '@heddle/core'
import { captionRecipe } from './caption/caption-recipe.ts'
import { charLmRecipe } from './char-lm/char-lm-recipe.ts'
import { chatbotRecipe } from './chatbot/chatbot-recipe.ts'
import { digitsRecipe } from './digits/digits-recipe.ts'
import { forecastRecipe } from './forecast/forecast-recipe.ts'
import { framesRecipe } from './frames/frames-recipe.ts'
import { namesRecipe } from './names/names-recipe.ts'
import { ngramLanguageModel } from './ngram-lm/ngram-language-model.ts'
import { ngramLmRecipe } from './ngram-lm/ngram-lm-recipe.ts'
import { predictUse } from './predictor.ts'
import { rowsRecipe } from './rows/rows-recipe.ts'
import { sentimentRecipe } from './sentiment/sentiment-recipe.ts'
import { summarizeRecipe } from './summarize/summarize-recipe.ts'
import { taggerRecipe } from './tagger/tagger-recipe.ts'
import { textToCodeRecipe } from './text-to-code/text-to-code-recipe.ts'
import { translateRecipe } from './translate/translate-recipe.ts'
import { generateUse, translateUse } from './use.ts'
import { describeUse } from './writing/describer.ts'

/** The recipes of this package, and what their runs can be used for, as a plugin. */
export const recipesPlugin: Plugin = {
  name: '@heddle/recipes',
  contributes: [
    ngramLanguageModel,
    ngramLmRecipe,
    forecastRecipe,
    framesRecipe,
    taggerRecipe,
    rowsRecipe,
    predictUse,
    namesRecipe,
    sentimentRecipe,
    translateRecipe,
    chatbotRecipe,
    summarizeRecipe,
    textToCodeRecipe,
    digitsRecipe,
    captionRecipe,
    describeUse,
    charLmRecipe,
    translateUse,
    generateUse,
  ],
}
