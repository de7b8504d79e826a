import { type SplitTextOptions, splitText } from '@heddle/data'
import type { Dataset } from '../run/dataset.ts'
import { bytesOfTexts, isPart, type TextExample } from './text-example.ts'

/**
 * Splits texts by `splitText`. Parts of a large text are all trained on; what is held out comes from the texts beside them, of which
 * validation and test take at most half each.
 */
export function splitTexts(texts: readonly TextExample[], options: SplitTextOptions): Dataset<TextExample> {
  const parts = texts.filter(isPart)
  const whole = texts.filter((text) => !isPart(text)) as string[]
  if (parts.length === 0) return splitText(whole, options)
  const most = Math.floor((bytesOfTexts(whole) - options.least) / 2)
  // By characters, of which a text of few bytes may have fewer.
  const characters = whole.reduce((sum, text) => sum + [...text].length, 0)
  const held = (wanted: number) => {
    const size = wanted < 1 ? wanted * bytesOfTexts(texts) : wanted
    return Math.max(0, Math.floor(Math.min(size, most, (characters - options.least) / 2)))
  }
  const { train, validation, test } = splitText(whole, {
    ...options,
    validation: held(options.validation),
    test: held(options.test),
  })
  return { train: [...parts, ...train], validation, test }
}
