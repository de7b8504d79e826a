import { HeddleError, RandomStream } from '@heddle/core'
import { randomSamplerFields, type Sampler, samplerPoint } from '@heddle/decoding'
import * as z from 'zod'
import { constraintFields, type DecodingConstraints } from '../task/decoding-constraints.ts'
import type { Abortable } from '../task/pipeline.ts'
import { part } from '../task/settings.ts'
import { AbilityKind } from './ability.ts'
import { abilityOf, usePoint } from './use.ts'

export interface GenerateOptions extends Abortable {
  readonly prompt: string
  /** Number of tokens to write. */
  readonly length: number
  /** Makes the sampler of a text from its own stream. */
  sampler(rng: RandomStream): Sampler
  readonly rng: RandomStream
  /** Tokens that the text must and must not hold. */
  readonly constraints?: DecodingConstraints
  /** Receives the text as it is written. */
  onText?(text: string): void
}

/** Continues a text. */
export interface Generator {
  /** The text after the prompt. */
  generate(options: GenerateOptions): Promise<string>
}

export const generating = new AbilityKind<Generator>('generate')

const { temperature: _, ...cuts } = randomSamplerFields
const constraintNames = new Set(Object.keys(constraintFields))

/** `heddle generate`: continues a text. */
export const generateUse = usePoint.of({
  name: 'generate',
  summary: 'continue a text with a trained run',
  config: z.strictObject({
    length: z.int().min(1).default(500).describe('number of characters (or tokens) to write'),
    temperature: z
      .number()
      .min(0)
      .optional()
      .describe(
        'below 1 writes more probable text, above 1 more surprising text; 0 takes the most probable (default: 0.8)',
      ),
    ...cuts,
    sampler: part.optional().describe('a sampler by name, or { type, … }, instead of the settings of the random one'),
    seed: z.int().min(0).default(1).describe('the same seed writes the same text'),
    ...constraintFields,
  }),
  create: ({ length, seed, sampler: named, ...rest }, context) => {
    const entries = Object.entries(rest)
    const constraints: DecodingConstraints = Object.fromEntries(entries.filter(([name]) => constraintNames.has(name)))
    const random: Record<string, unknown> = Object.fromEntries(entries.filter(([name]) => !constraintNames.has(name)))
    const other = Object.entries(random).find(([, value]) => value !== undefined)
    if (named !== undefined && other !== undefined) {
      throw new HeddleError(
        'usage',
        `generate: expected either sampler or ${other[0]}, got both. Put ${other[0]} into the sampler's settings.`,
      )
    }
    const { registry } = context.task
    const spec = named ?? { type: 'random', ...random, temperature: random['temperature'] ?? 0.8 }
    registry.configOf(samplerPoint, spec)
    const sampler = (rng: RandomStream) => registry.create(samplerPoint, spec, { rng })
    const generator = abilityOf(context, generating)
    return async (inputs) => {
      const rng = new RandomStream(seed)
      const written: string[] = []
      for (const prompt of inputs) {
        const onText = context.onText?.bind(context)
        const { signal } = context
        const options = { prompt, length, sampler, rng, constraints, signal, ...(onText && { onText }) }
        const text = await generator.generate(options)
        written.push(text)
      }
      const outputs = written.map((text, i) => inputs[i]! + text)
      return {
        outputs,
        json: outputs.map((text, i) => ({ prompt: inputs[i], text })),
        rows: written.map((text) => ({ prediction: text })),
      }
    }
  },
})
