import { z } from 'zod'
import type { AlignedText } from '../pipeline/aligned-text.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import { changeSources } from './change-sources.ts'
import { orderMarks } from './order-marks.ts'

type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const decompositionOf = (form: Form): 'NFD' | 'NFKD' => (form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD')

/** A Unicode normalization form; the JavaScript engine does the work, and how the result aligns is found afterwards. */
class UnicodeForm implements Normalizer {
  readonly #form: Form

  constructor(form: Form) {
    this.#form = form
  }

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const output = orderMarks(input, decompositionOf(this.#form)).normalize(this.#form)
    return output === input ? text : text.derive(output, () => formSources(input, output, this.#form))
  }

  toJSON() {
    return { type: this.#form }
  }
}

/** Canonical composition: 가 as one character, é as one character. */
export class NFC extends UnicodeForm {
  constructor() {
    super('NFC')
  }
}

/** Canonical decomposition: 가 as the two jamo ᄀ and ᅡ, é as e and an accent. */
export class NFD extends UnicodeForm {
  constructor() {
    super('NFD')
  }
}

/** Compatibility composition: also full-width letters, ligatures and half-width jamo as their plain characters. */
export class NFKC extends UnicodeForm {
  constructor() {
    super('NFKC')
  }
}

/** Compatibility decomposition. */
export class NFKD extends UnicodeForm {
  constructor() {
    super('NFKD')
  }
}

/**
 * Where each unit of a normalized text came from.
 *
 * Every input character is decomposed on its own: its first part replaces it (change 0), the others are new (+1). Marks are then put
 * into canonical order, and what composes takes its parts' changes together. Both steps only move characters past different ones,
 * so the parts of an output character are, for each of them, the first of that kind that is left.
 */
function formSources(input: string, output: string, form: Form): Int32Array {
  const decomposition = decompositionOf(form)
  const queues = new Map<string, { changes: number[]; next: number }>()
  for (const character of input) {
    let change = 0
    for (const part of character.normalize(decomposition)) {
      const queue = queues.get(part)
      if (queue === undefined) queues.set(part, { changes: [change], next: 0 })
      else queue.changes.push(change)
      change = 1
    }
  }
  const take = (part: string): number => {
    const queue = queues.get(part)
    return queue?.changes[queue.next++] ?? 0
  }
  const changes: number[] = []
  const composes = form === 'NFC' || form === 'NFKC'
  for (const character of output) {
    if (!composes) {
      changes.push(take(character))
      continue
    }
    let change = 1
    for (const part of character.normalize('NFD')) change += take(part) - 1
    changes.push(change)
  }
  return changeSources(input, output, changes)
}

const contribution = (name: Form, summary: string, create: () => UnicodeForm) =>
  normalizerPoint.of({ name, summary, config: z.strictObject({}), create })

export const nfc = contribution('NFC', 'canonical composition', () => new NFC())
export const nfd = contribution('NFD', 'canonical decomposition', () => new NFD())
export const nfkc = contribution('NFKC', 'compatibility composition', () => new NFKC())
export const nfkd = contribution('NFKD', 'compatibility decomposition', () => new NFKD())
