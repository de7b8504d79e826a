import type { TextPart } from '@heddle/data'

/** A text, or a part of one that is left on the disk until its turn comes. */
export type TextExample = string | TextPart

export const isPart = (text: TextExample): text is TextPart => typeof text !== 'string'

/** Code units of a text, or about as many of a part. */
const sizeOf = (text: TextExample) => (isPart(text) ? text.size : text.length)

/** Number of bytes or code units of some texts. */
export const bytesOfTexts = (texts: readonly TextExample[]): number =>
  texts.reduce((sum, text) => sum + sizeOf(text), 0)

/** The texts themselves, those from all over a corpus that is larger than `most`. */
export async function textsOf(
  texts: readonly TextExample[],
  most: number = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  if (!texts.some(isPart)) return texts as string[]
  const step = Math.max(1, Math.ceil(bytesOfTexts(texts) / most))
  const read: string[] = []
  for (const [i, text] of texts.entries()) if (i % step === 0) read.push(isPart(text) ? await text.text() : text)
  return read
}
