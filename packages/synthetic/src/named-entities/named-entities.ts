import type { RandomStream } from '@heddle/core'
import { drawDistinct } from '../shared/draw-distinct.ts'
import type { TaggedSentence } from '../tagged-sentences/tagged-sentences.ts'
import { english } from './english-entities.ts'
import { korean } from './korean-entities.ts'
import type { EntityKind, Language } from './language.ts'

const KIND = /^(PER|LOC|ORG|DATE)(?:\+(.+))?$/

/**
 * English and Korean sentences with the names of people, places and organizations, and dates, tagged in IOB2. Most names are put
 * together anew, and the same name may be a person's, a town's or a company's, so that their context decides.
 */
export function namedEntities(count: number, rng: RandomStream): TaggedSentence[] {
  return drawDistinct(
    'namedEntities',
    count,
    () => drawSentence(rng.uniform() < 0.5 ? english : korean, rng),
    ({ words, tags }) => `${words.join(' ')} ${tags.join(' ')}`,
  )
}

function drawSentence({ patterns, fill }: Language, rng: RandomStream): TaggedSentence {
  const words: string[] = []
  const tags: string[] = []
  for (const part of rng.pick(patterns)) {
    const [, kind, particle] = KIND.exec(part) ?? []
    const name = kind === undefined ? undefined : fill(kind as EntityKind, rng, particle)
    words.push(...(name ?? [part]))
    tags.push(...(name?.map((_, i) => `${i === 0 ? 'B' : 'I'}-${kind}`) ?? ['O']))
  }
  return { words, tags }
}
