/**
 * A recipe of your own, in one file: a plugin with a generator of examples and a reader of files. The task: are the brackets of a
 * text balanced? A broken text has the same brackets in another order, so that counting them does not help.
 *
 * Run it: node --conditions=source examples/03-recipe-of-your-own/main.ts
 * With the command: heddle train acme/brackets --plugin ./examples/03-recipe-of-your-own/main.ts
 */
import { createRegistry, HeddleError, type Plugin, type RandomStream } from '@heddle/core'
import { type DataSource, decodeText, onlyFile } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { stdPlugins } from '@heddle/std'
import { type LabeledText, naiveBayes, recipe, textClassification, trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'
import { z } from 'zod'

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

function isBalanced(text: string): boolean {
  const open: string[] = []
  for (const bracket of text) {
    if (CLOSING[bracket] === undefined) open.push(bracket)
    else if (open.pop() !== CLOSING[bracket]) return false
  }
  return open.length === 0
}

/** A balanced text of `pairs` pairs: `([]){}`. */
function balanced(pairs: number, rng: RandomStream): string {
  if (pairs === 0) return ''
  const inside = rng.integer(pairs)
  const [left, right] = rng.pick(['()', '[]', '{}'])
  return `${left}${balanced(inside, rng)}${right}${balanced(pairs - 1 - inside, rng)}`
}

/** Generates different texts, half of them balanced. */
function bracketTexts(count: number, maxPairs: number, rng: RandomStream): LabeledText[] {
  const texts = new Map<string, LabeledText>()
  for (let draws = 0; texts.size < count; draws++) {
    if (draws > 100 * count)
      throw new HeddleError('config', `brackets: expected fewer than ${count} texts. Raise maxPairs.`)
    const text = balanced(2 + rng.integer(maxPairs - 1), rng)
    const shown = draws % 2 === 0 ? text : rng.shuffled([...text]).join('')
    texts.set(shown, { text: shown, label: isBalanced(shown) ? 'balanced' : 'broken' })
  }
  return [...texts.values()]
}

/** Reads a file with `balanced ([])` or `broken ([)]` in each line. */
async function readBrackets(source: DataSource): Promise<{ examples: LabeledText[]; notes: string[] }> {
  const lines = decodeText(await onlyFile(source, 'brackets').bytes()).split('\n')
  const rows = lines.map((line) => /^(balanced|broken)\s+([()[\]{}]+)\s*$/.exec(line))
  const examples = rows.flatMap((row) => (row === null ? [] : [{ label: row[1]!, text: row[2]! }]))
  const skipped = lines.filter((line, i) => line.trim() !== '' && rows[i] === null).length
  return { examples, notes: skipped > 0 ? [`${skipped} lines were left out`] : [] }
}

const brackets = recipe({
  name: 'acme/brackets',
  summary: 'whether the brackets of a text are balanced',
  task: textClassification,
  data: {
    count: 6000,
    fields: { maxPairs: z.int().min(2).default(6).describe('largest number of pairs of brackets in a built-in text') },
    format: "a text file with 'balanced' or 'broken' and the brackets in each line",
    builtIn: ({ count, maxPairs }, rng) => bracketTexts(count, maxPairs, rng),
    read: readBrackets,
  },
  defaults: {
    model: { type: 'recurrent-classifier', embeddingSize: 16, hiddenSize: 48, bidirectional: false, pooling: 'last' },
    training: { steps: 400, batchSize: 64, learningRate: 8e-3, evaluateEvery: 100, tokenDropout: 0 },
  },
  expected: { accuracy: 0.97 },
  baseline: naiveBayes,
})

/** The plugin: whoever installs this file trains the recipe by its name. */
export const plugin: Plugin = { name: 'acme', version: '1.0.0', contributes: [brackets] }

export const registry = createRegistry([stdPlugins, plugin])

/** Trains the recipe; returns its accuracy on unseen texts and that of the baseline. */
export async function run({ settings = {}, log = console.log as (line: string) => void } = {}) {
  await useWasm()
  const { task, evaluation } = await trainRun({
    registry,
    store: new MemoryStore(),
    recipe: { type: 'acme/brackets', ...settings },
    events: { onValidation: ({ step, metrics }) => log(`step ${step}: accuracy ${metrics['accuracy']!.toFixed(3)}`) },
  })
  const [accuracy, baseline] = [evaluation!.metrics['accuracy']!, evaluation!.baseline!['accuracy']!]
  log(`accuracy ${accuracy.toFixed(3)}, naive Bayes ${baseline.toFixed(3)}`)
  for (const text of ['([]{})', '([)]{}']) {
    const [prediction] = await task.predict([text])
    log(`${text}: ${task.pipeline.format(prediction)}`)
  }
  task.dispose()
  return { accuracy, baseline }
}

if (import.meta.main) await run()
