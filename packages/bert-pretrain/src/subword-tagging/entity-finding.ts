import type { Row } from '@heddle/data'
import { AbilityKind, abilityOf, usePoint } from '@heddle/tasks'
import * as z from 'zod'
import { AGGREGATION_STRATEGIES, type AggregationStrategy } from '../fine-tuning/entities.ts'

/** A part of a text with its label. */
export interface TextEntity {
  /** The kind of a span (`PER`), or the label of a word or token. */
  readonly label: string
  /** Probability, a mean over the words or tokens of a span. */
  readonly score: number
  readonly text: string
  /** Range in the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** Finds names and other spans in texts. */
export interface EntityFinder {
  findEntities(text: string, strategy?: AggregationStrategy): Promise<readonly TextEntity[]>
}

export const entityFinding = new AbilityKind<EntityFinder>('find-entities')

/** `heddle find-entities`: names and other spans, each with its place in the text. */
export const entitiesUse = usePoint.of({
  name: 'find-entities',
  summary: 'find names and other spans in texts with a trained run',
  config: z.strictObject({
    strategy: z
      .enum(AGGREGATION_STRATEGIES)
      .optional()
      .describe(
        'how tokens are joined: none of them, tokens of one kind (simple), or words by their first token, mean or surest token (default: as the run says)',
      ),
  }),
  create: ({ strategy }, context) => {
    const finder = abilityOf(context, entityFinding)
    return async (inputs) => {
      const found: (readonly TextEntity[])[] = []
      for (const text of inputs) found.push(await finder.findEntities(text, strategy))
      return {
        outputs: found.map(lines),
        json: inputs.map((text, i) => ({ text, entities: found[i] })),
        rows: found.map(entitiesRow),
      }
    }
  },
})

/** Entities as columns of a file, each a list. */
export const entitiesRow = (entities: readonly TextEntity[]): Row => ({
  prediction: entities.map(({ label }) => label),
  texts: entities.map(({ text }) => text),
  scores: entities.map(({ score }) => score),
  starts: entities.map(({ start }) => start),
  ends: entities.map(({ end }) => end),
})

/** A line for each entity: its place, its label, its probability and its text. */
function lines(entities: readonly TextEntity[]): string {
  if (entities.length === 0) return '(none)'
  return entities
    .map(({ start, end, label, score, text }) => {
      const percent = `${Math.round(100 * score)} %`
      return `${`${start}-${end}`.padStart(9)}  ${label.padEnd(8)} ${percent.padStart(5)}  ${text}`
    })
    .join('\n')
}
