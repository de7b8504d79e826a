import type { CorpusPart } from './corpus-part.ts'

/** Sentences of about `size` bytes, from parts that lie evenly over the corpus. */
export async function sampleSentences(parts: readonly CorpusPart[], size: number): Promise<string[]> {
  const total = parts.reduce((sum, part) => sum + part.size, 0)
  const stride = Math.max(1, total / size)
  const sentences: string[] = []
  for (let at = 0; at < parts.length; at += stride) {
    for (const document of await parts[Math.floor(at)]!.documents()) for (const text of document) sentences.push(text)
  }
  return sentences
}
