import { HeddleError, type PartSpec, show } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { Encoding } from '../encoding/encoding.ts'
import type { FixedRun, Run } from '../encoding/run.ts'
import { type PostProcessor, postProcessorPoint } from '../pipeline/points.ts'
import { objectOf } from '../pipeline/vocabulary.ts'

const pieceJson = schema.union(
  schema.strictObject({ Sequence: schema.strictObject({ id: schema.oneOf('A', 'B'), type_id: schema.integer(0) }) }),
  schema.strictObject({ SpecialToken: schema.strictObject({ id: schema.string(), type_id: schema.integer(0) }) }),
)
const tokenJson = schema.strictObject({
  id: schema.string(),
  ids: schema.array(schema.integer(0)),
  tokens: schema.array(schema.string()),
})
const config = schema.strictObject({
  single: schema.array(pieceJson),
  pair: schema.array(pieceJson),
  special_tokens: schema.record(tokenJson),
})

type TemplatePiece =
  | { readonly sequence: 0 | 1; readonly typeId: number }
  | { readonly token: string; readonly typeId: number }

/** A special token of a template: the ids and tokens that it inserts. */
export interface TemplateToken {
  readonly ids: readonly number[]
  readonly tokens: readonly string[]
}

export interface TemplateOptions {
  /** For one text: `[CLS] $A [SEP]`. */
  readonly single: string
  /** For two texts, type ids after a colon: `[CLS] $A [SEP] $B:1 [SEP]:1`. */
  readonly pair: string
  readonly specialTokens: Readonly<Record<string, number | TemplateToken>>
}

/**
 * Adds special tokens around texts by a template.
 *
 * An item of a template is `$A` (or `$`, `$0`) for the first text, `$B` for the second, or a special token, each with an optional type id
 * after a colon; `$1` is the first text with type id 1.
 */
export class TemplateProcessing implements PostProcessor {
  readonly #single: readonly TemplatePiece[]
  readonly #pair: readonly TemplatePiece[]
  readonly #tokens: ReadonlyMap<string, TemplateToken>

  /** @throws HeddleError `config` when a template is malformed or uses a special token that is not given */
  constructor(
    options:
      | TemplateOptions
      | {
          single: readonly TemplatePiece[]
          pair: readonly TemplatePiece[]
          specialTokens: ReadonlyMap<string, TemplateToken>
        },
  ) {
    this.#single = typeof options.single === 'string' ? parseTemplate(options.single) : options.single
    this.#pair = typeof options.pair === 'string' ? parseTemplate(options.pair) : options.pair
    this.#tokens =
      options.specialTokens instanceof Map
        ? options.specialTokens
        : new Map(
            Object.entries(options.specialTokens as TemplateOptions['specialTokens']).map(([token, value]) => [
              token,
              typeof value === 'number' ? { ids: [value], tokens: [token] } : value,
            ]),
          )
    for (const [token, { ids, tokens }] of this.#tokens) {
      if (ids.length === tokens.length) continue
      throw new HeddleError(
        'config',
        `TemplateProcessing: expected as many ids as tokens for ${show(token)}, got ${ids.length} and ${tokens.length}.`,
      )
    }
    for (const piece of [...this.#single, ...this.#pair]) {
      if (!('token' in piece) || this.#tokens.has(piece.token)) continue
      throw new HeddleError(
        'config',
        `TemplateProcessing: expected an id for the special token ${show(piece.token)}, got none. Name it in specialTokens.`,
      )
    }
    if (this.#single.some((piece) => 'sequence' in piece && piece.sequence === 1)) {
      throw new HeddleError(
        'config',
        'TemplateProcessing: expected only $A in the template for one text, got $B. Use it in the template for pairs.',
      )
    }
  }

  addedTokens(isPair: boolean): number {
    let added = 0
    for (const piece of isPair ? this.#pair : this.#single)
      if ('token' in piece) added += this.#tokens.get(piece.token)!.ids.length
    return added
  }

  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[] {
    const template = encodings.length === 2 ? this.#pair : this.#single
    const result: Encoding[] = []
    for (const piece of template) {
      if ('sequence' in piece) {
        const encoding = encodings[piece.sequence]!
        result.push(
          new Encoding(
            withTypeId(encoding.runs, piece.typeId),
            encoding.overflowing.map(({ runs }) => new Encoding(withTypeId(runs, piece.typeId))),
          ),
        )
      } else if (addSpecialTokens) {
        const { ids, tokens } = this.#tokens.get(piece.token)!
        const run: FixedRun = { kind: 'special', ids: Int32Array.from(ids), tokens, typeId: piece.typeId }
        result.push(new Encoding([run]))
      }
    }
    return result
  }

  toJSON(): PartSpec {
    const pieces = (template: readonly TemplatePiece[]) =>
      template.map((piece) =>
        'sequence' in piece
          ? { Sequence: { id: piece.sequence === 0 ? 'A' : 'B', type_id: piece.typeId } }
          : { SpecialToken: { id: piece.token, type_id: piece.typeId } },
      )
    return {
      type: 'TemplateProcessing',
      single: pieces(this.#single),
      pair: pieces(this.#pair),
      special_tokens: objectOf([...this.#tokens].map(([id, { ids, tokens }]) => [id, { id, ids, tokens }] as const)),
    }
  }
}

function withTypeId(runs: readonly Run[], typeId: number): Run[] {
  return runs.map((run) => (run.typeId === typeId ? run : { ...run, typeId }))
}

function parseTemplate(template: string): TemplatePiece[] {
  return template
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const match = /^(.+?)(?::(\d+))?$/s.exec(word)!
      const [, name, typeId] = match as unknown as [string, string, string | undefined]
      if (!name.startsWith('$')) return { token: name, typeId: Number(typeId ?? 0) }
      const id = name.slice(1)
      if (id === '' || id === 'A' || id === 'B') return { sequence: id === 'B' ? 1 : 0, typeId: Number(typeId ?? 0) }
      if (/^\d+$/.test(id) && typeId === undefined) return { sequence: 0, typeId: Number(id) }
      throw new HeddleError(
        'config',
        `TemplateProcessing: expected $A, $B or a special token, got ${show(word)}. Correct the template.`,
      )
    })
}

export const templateProcessing = postProcessorPoint.of({
  name: 'TemplateProcessing',
  summary: 'adds special tokens around texts by a template',
  config,
  create: ({ single, pair, special_tokens: tokens }) => {
    const pieces = (template: typeof single): TemplatePiece[] =>
      template.map((piece) =>
        'Sequence' in piece
          ? { sequence: piece.Sequence.id === 'A' ? 0 : 1, typeId: piece.Sequence.type_id }
          : { token: piece.SpecialToken.id, typeId: piece.SpecialToken.type_id },
      )
    return new TemplateProcessing({
      single: pieces(single),
      pair: pieces(pair),
      specialTokens: new Map(Object.entries(tokens)),
    })
  },
})
