import { visibleText } from '@heddle/views'
import pc from 'picocolors'

/**
 * Prints for people to stdout, or with --json to stderr; stdout then has one line of JSON. Control characters of texts are made
 * visible here, so that data, labels and file names cannot change the state of the terminal.
 */
export class Output {
  readonly json: boolean
  readonly stream: NodeJS.WriteStream

  constructor(json: boolean) {
    this.json = json
    this.stream = json ? process.stderr : process.stdout
  }

  /** Whether the output is a terminal, which can show a moving bar. */
  get interactive(): boolean {
    return this.stream.isTTY === true
  }

  get colors(): boolean {
    return this.interactive && pc.isColorSupported
  }

  get columns(): number {
    return this.stream.columns ?? 100
  }

  line(text = ''): void {
    this.styledLine(visibleText(text))
  }

  /** A line with colors, whose texts are visible already. */
  styledLine(text: string): void {
    this.stream.write(`${text}\n`)
  }

  /** A part of a line. */
  text(text: string): void {
    this.stream.write(visibleText(text))
  }

  /** A label and its value, in two columns. */
  field(label: string, value: string): void {
    const { dim } = pc.createColors(this.colors)
    this.styledLine(`${dim(visibleText(label).padEnd(10))} ${visibleText(value)}`)
  }

  heading(text: string): void {
    const { bold } = pc.createColors(this.colors)
    this.line()
    this.styledLine(bold(visibleText(text)))
  }

  /** The one machine-readable line; nothing without --json. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${visibleJson(value)}\n`)
  }
}

/** A message about what went wrong, on stderr. */
export function printError(message: string): void {
  process.stderr.write(`${visibleText(message)}\n`)
}

/** JSON with \u escapes for the control characters that JSON allows. */
const visibleJson = (value: unknown) =>
  JSON.stringify(value).replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
