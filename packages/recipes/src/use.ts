import { ExtensionPoint, HeddleError, RandomStream } from '@heddle/core'
import { z } from 'zod'
import type { DataFile } from './data-source.ts'
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
      .default(0.8)
      .describe('below 1 more likely, above 1 more surprising; 0 takes the likeliest'),
    topK: z.int().min(1).optional().describe('choose among the k likeliest only'),
    topP: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('choose among the likeliest that together have this probability'),
    seed: z.int().min(0).default(1).describe('the same seed writes the same text'),
  }),
  create: ({ length, temperature, topK, topP, seed }, context) => {
    const generator = abilityOf(context, 'generator', 'generate')
    return async (inputs) => {
      const rng = new RandomStream(seed)
      const outputs: string[] = []
      for (const prompt of inputs) {
        const onText = context.onText?.bind(context)
        const options = { prompt, length, topK, topP, rng, ...(onText && { onText }) }
        // Temperature 0 is the limit in which only the likeliest is left.
        const text = await generator.generate(
          temperature === 0 ? { ...options, temperature: 1, topK: 1 } : { ...options, temperature },
        )
        outputs.push(prompt + text)
      }
      return { outputs, json: outputs.map((text, i) => ({ prompt: inputs[i], text })) }
    }
  },
})
