import { parseConfig } from '@heddle/core'
import type { TaggedSentence } from '@heddle/data'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { labelsOf } from '../classification/labels.ts'
import type { RunFiles } from '../recipe.ts'

const FILE = 'lexicon.json'
const LETTERS = 'tokenizer.json'

const lexiconFile = z.strictObject({ tags: z.array(z.string()), words: z.array(z.string()) })

/** What is known of words: their ids, 0 for unknown ones, and the ids of their letters. */
export interface Lexicon {
  readonly tags: readonly string[]
  readonly numWords: number
  readonly numLetters: number
  wordId(word: string): number
  spelling(word: string): readonly number[]
}

/** The files of a lexicon: words that occur at least `minFrequency` times, all letters, all tags. */
export function lexiconFiles(sentences: readonly TaggedSentence[], minFrequency: number): RunFiles {
  const counts = new Map<string, number>()
  for (const { words } of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const words = [...counts].filter(([, count]) => count >= minFrequency).map(([word]) => word)
  const tags = labelsOf(
    sentences.flatMap(({ tags }) => tags),
    'tagger',
  )
  const tokenizer = trainCharTokenizer([...counts.keys()].map(lettersOf), { specialTokens: ['<pad>', '<unk>'] })
  return { [FILE]: { tags, words: words.sort() }, [LETTERS]: tokenizer.toJSON() }
}

/** @param maxLetters longer words lose their middle */
export function readLexicon(files: RunFiles, maxLetters: number): Lexicon {
  const { tags, words } = parseConfig(`tagger: ${FILE}`, lexiconFile, files[FILE])
  const tokenizer = Tokenizer.fromJSON(files[LETTERS])
  const ids = new Map(words.map((word, i) => [word, i + 1]))
  const spellings = new Map<string, readonly number[]>()
  return {
    tags,
    numWords: words.length + 1,
    numLetters: tokenizer.vocabSize,
    wordId: (word) => ids.get(word) ?? 0,
    spelling(word) {
      let spelling = spellings.get(word)
      if (spelling === undefined) {
        const letters = tokenizer.encodeIds(lettersOf(word))
        const half = Math.floor(maxLetters / 2)
        spelling = letters.length > maxLetters ? [...letters.slice(0, half), ...letters.slice(-half)] : letters
        spellings.set(word, spelling)
      }
      return spelling
    },
  }
}

/** Hangul syllables fall apart into their consonants and vowels: endings such as 한, 할 and 함 differ in the last of these only. */
const lettersOf = (word: string) => word.normalize('NFD')
