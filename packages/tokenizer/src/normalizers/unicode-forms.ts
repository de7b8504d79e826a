import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { changedStretches, type Form, mapUnit } from './form-stretches.ts'

/** A Unicode normalization form; how the result aligns is found when it is asked for. */
class UnicodeForm implements Normalizer {
  readonly #form: Form

  constructor(form: Form) {
    this.#form = form
  }

  normalize(text: AlignedText): AlignedText {
    const changed = changedStretches(text.text, this.#form)
    return changed === undefined ? text : text.derive(changed.output, changed.sources)
  }

  mapUnit(unit: number): number {
    return mapUnit(unit, this.#form)
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

const contribution = (name: Form, summary: string, create: () => UnicodeForm) =>
  normalizerPoint.of({ name, summary, config: schema.strictObject({}), create })

export const nfc = contribution('NFC', 'canonical composition', () => new NFC())
export const nfd = contribution('NFD', 'canonical decomposition', () => new NFD())
export const nfkc = contribution('NFKC', 'compatibility composition', () => new NFKC())
export const nfkd = contribution('NFKD', 'compatibility decomposition', () => new NFKD())
