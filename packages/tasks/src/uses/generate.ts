import { HeddleError, RandomStream } from '@heddle/core'
import { type Sampler, samplerPoint } from '@heddle/decoding'
import * as z from 'zod'
import { part } from '../task/settings.ts'
import { AbilityKind } from './ability.ts'
import { abilityOf, usePoint } from './use.ts'

export interface GenerateOptions {
  readonly prompt: string
  /** Number of tokens to write. */
  readonly length: number
  /** Makes the sampler of a text from its own stream. */
  sampler(rng: RandomStream): Sampler
  readonly rng: RandomStream
  /** Receives the text as it is written. */
  onText?(text: string): void
}

/** Continues a text. */
export interface Generator {
  /** The text after the prompt. */
  generate(options: GenerateOptions): Promise<string>
}

export const generating = new AbilityKind<Generator>('generate')

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
    topK: z.int().min(1).optional().describe('choose among the k most probable only'),
    topP: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('choose among the most probable that together have this probability'),
    sampler: part.optional().describe('a sampler by name, or { type, … }, instead of temperature, topK and topP'),
    seed: z.int().min(0).default(1).describe('the same seed writes the same text'),
  }),
  create: ({ length, seed, sampler: named, ...random }, context) => {
    const other = Object.entries(random).find(([, value]) => value !== undefined)
    if (named !== undefined && other !== undefined) {
      throw new HeddleError(
        'usage',
        `generate: expected either sampler or ${other[0]}, got both. Put ${other[0]} into the sampler's settings.`,
      )
    }
    const { registry } = context.task
    const spec = named ?? { type: 'random', ...random, temperature: random.temperature ?? 0.8 }
    registry.configOf(samplerPoint, spec)
    const sampler = (rng: RandomStream) => registry.create(samplerPoint, spec, { rng })
    const generator = abilityOf(context, generating)
    return async (inputs) => {
      const rng = new RandomStream(seed)
      const outputs: string[] = []
      for (const prompt of inputs) {
        const onText = context.onText?.bind(context)
        const text = await generator.generate({ prompt, length, sampler, rng, ...(onText && { onText }) })
        outputs.push(prompt + text)
      }
      return { outputs, json: outputs.map((text, i) => ({ prompt: inputs[i], text })) }
    }
  },
})
