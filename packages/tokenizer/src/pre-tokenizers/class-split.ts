import { charClass } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { type SplitBehavior, splitAt } from './split-behavior.ts'

/** Splits the text from `start` to `end` at each character of some of the classes of `charClass`. */
export function splitAtClass(
  classes: number,
  behavior: SplitBehavior,
  text: string,
  start: number,
  end: number,
  out: number[],
): void {
  const delimiters: number[] = []
  for (let i = start; i < end; ) {
    const code = codePointAt(text, i)
    const next = i + (code > 0xffff ? 2 : 1)
    if ((charClass(code) & classes) !== 0) delimiters.push(i, next)
    i = next
  }
  splitAt(delimiters, start, end, behavior, out)
}
