import { ExtensionPoint, HeddleError, RandomStream } from '@heddle/core'
import type { DataFile } from '@heddle/data'
import { samplerPoint } from '@heddle/decoding'
import * as z from 'zod'
import type { Abilities, Translation } from './recipe.ts'
import type { Run } from './run.ts'

export interface UseResult {
  /** What is printed, one entry for each input. */
  readonly outputs: readonly string[]
  /** The same as data, for --json. */
  readonly json: unknown
  readonly translations?: readonly Translation[]
}

export interface UseContext {
  readonly run: Run
  /** How messages name the run, such as its folder. */
  readonly name: string
  /** Opens a file that an input names, for uses that read files. */
  openFile?(path: string): DataFile
  /** Given text as it is written, by uses that write piece by piece. */
  onText?(text: string): void
}

/** What one does with a trained run: made from the options of a command, it maps inputs to outputs. */
export type Use = (inputs: readonly string[]) => Promise<UseResult>

/**
 * Where plugins contribute uses of runs. Each becomes a command: its name is the command's, its config the command's options;
 * a run supports it when its pipeline has the ability that the use asks for.
 */
export const usePoint = new ExtensionPoint<Use, UseContext>('use')

/** @throws HeddleError `usage` when the run's recipe lacks the ability, naming the uses that it has */
export function abilityOf<K extends keyof Abilities>(
  { run, name }: UseContext,
  key: K,
  use: string,
): NonNullable<Abilities[K]> {
  const ability = run.pipeline.abilities[key]
  if (ability === undefined) {
    const known: Record<keyof Abilities, string> = {
      translator: 'translate',
      generator: 'generate',
      predictor: 'predict',
      describer: 'describe',
    }
    const able = (Object.keys(run.pipeline.abilities) as (keyof Abilities)[]).map((each) => `'heddle ${known[each]}'`)
    throw new HeddleError(
      'usage',
      `${use}: expected a run that can ${use}, got ${name}, a run of '${run.config.recipe.type}'. ${able.length > 0 ? `Use ${able.join(', ')}.` : 'Train another recipe.'}`,
    )
  }
  return ability
}

export const translateUse = usePoint.of({
  name: 'translate',
  summary: 'translate texts with a trained run',
  config: z.strictObject({
    beamWidth: z.int().min(1).default(1).describe('sequences followed at once; 1 takes the best word at each step'),
    maxLength: z.int().min(1).default(100).describe('longest translation, in tokens'),
    attention: z.boolean().default(false).describe('show where the model looked'),
  }),
  create: ({ beamWidth, maxLength, attention }, context) => {
    const translator = abilityOf(context, 'translator', 'translate')
    return async (inputs) => {
      const translations = await translator.translate(inputs, { beamWidth, maxLength })
      return {
        outputs: translations.map(({ text }) => text),
        json: translations.map(({ text, logProbability, attention: map }, i) => ({
          source: inputs[i],
          translation: text,
          logProbability,
          ...(attention && { attention: map }),
        })),
        ...(attention && { translations }),
      }
    }
  },
})

export const generateUse = usePoint.of({
  name: 'generate',
  summary: 'continue a text with a trained run',
  config: z.strictObject({
    length: z.int().min(1).default(500).describe('how many characters (or tokens) to write'),
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
    sampler: z
      .union([z.string(), z.looseObject({ type: z.string() })])
      .optional()
      .describe('a sampler by name, or { type, … }, instead of temperature, topK and topP'),
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
    const { registry } = context.run
    const spec =
      typeof named === 'string'
        ? { type: named }
        : (named ?? { type: 'random', ...random, temperature: random.temperature ?? 0.8 })
    registry.configOf(samplerPoint, spec)
    const sampler = (rng: RandomStream) => registry.create(samplerPoint, spec, { rng })
    const generator = abilityOf(context, 'generator', 'generate')
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
