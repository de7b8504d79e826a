import type { Dataset } from '../run/dataset.ts'
import type { ExampleFacts } from './facts.ts'
import { counted, type Finding, passed, share, warning, warningIf } from './finding.ts'

interface Seen {
  readonly part: keyof Dataset<unknown>
  readonly answer: string
}

/** Share of repeated training examples from which on they are worth a warning. */
const MANY_REPEATED = 0.05
/** Share of inputs with several answers, likewise. */
const MANY_CONTRADICTED = 0.005

/** Finds inputs that occur in two parts, which makes the judgment too good, and inputs with different answers. */
export function checkDuplicates(facts: Dataset<ExampleFacts>): Finding[] {
  const seen = new Map<string, Seen>()
  const leaked: string[] = []
  const contradicted = new Set<string>()
  const repeated: string[] = []
  for (const part of ['train', 'validation', 'test'] as const) {
    for (const { input, answer = '' } of facts[part]) {
      // Empty inputs are a matter of their own.
      if (input.trim() === '') continue
      const joined = typeof answer === 'string' ? answer : answer.join('\n')
      const before = seen.get(input)
      if (before === undefined) {
        seen.set(input, { part, answer: joined })
        continue
      }
      if (before.part !== part) leaked.push(input)
      else if (part === 'train') repeated.push(input)
      if (before.answer !== joined) contradicted.add(input)
    }
  }
  // A sentence has several translations, but one label.
  const isLabeled = facts.train.some((each) => each.isLabeled === true)
  const [numTrain, numHeld] = [facts.train.length, facts.validation.length + facts.test.length]
  return [
    leaked.length === 0
      ? passed('parts', 'no input is in two parts')
      : warning(
          'parts',
          `${share(leaked.length, numHeld)} held-out examples are in another part too, so that the figures are too good. Take them out of one of the files.`,
          leaked,
        ),
    warningIf(
      repeated.length > MANY_REPEATED * numTrain,
      'repeated',
      `${share(repeated.length, numTrain)} training examples repeat the input of another one`,
      repeated,
    ),
    ...(contradicted.size === 0
      ? []
      : [
          warningIf(
            isLabeled && contradicted.size > MANY_CONTRADICTED * seen.size,
            'contradictions',
            `${counted(contradicted.size, 'input has', 'inputs have')} different answers at different places`,
            contradicted,
          ),
        ]),
  ]
}
