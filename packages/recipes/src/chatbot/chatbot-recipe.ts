import { readTextPairs } from '@heddle/data'
import { dialoguePairs } from '@heddle/synthetic'
import { recipePoint } from '../recipe.ts'
import { nearestTargets } from '../text-to-text/nearest-text.ts'
import { textMetrics, textScore } from '../text-to-text/text-score.ts'
import { textToTextConfig } from '../text-to-text/text-to-text-config.ts'
import { TextToTextRecipe, type TextToTextSubject } from '../text-to-text/text-to-text-recipe.ts'

export const chatbotConfig = textToTextConfig({
  pairs: 20_000,
  units: 'subwords',
  vocabSize: 4000,
  maxLength: 60,
  scores: ['exactMatch', 'chrf'],
})

/**
 * A line of a conversation to its reply.
 *
 * @see Vinyals & Le 2015, "A neural conversational model"
 */
const subject: TextToTextSubject = {
  name: 'chatbot',
  metrics: textMetrics('replies', 0.97),
  dataFormat: 'a CSV file with the columns Q and A (or question and answer); also TSV or JSON lines',
  samplesTitle: 'Replies to unseen lines',
  generate: dialoguePairs,
  read: (source) =>
    readTextPairs(source, {
      where: 'chatbot',
      names: { source: ['Q', 'question', 'input', 'source'], target: ['A', 'answer', 'reply', 'target'] },
    }),
  score: textScore,
  // The reply to the most similar line: what a chatbot without learning does.
  simpler: nearestTargets,
}

export const chatbotRecipe = recipePoint.of({
  name: 'chatbot',
  summary: 'dialogue: replies to a line (built-in: small talk with an assistant)',
  config: chatbotConfig,
  create: (config) => new TextToTextRecipe(subject, config),
})
