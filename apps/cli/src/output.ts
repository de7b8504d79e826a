import pc from 'picocolors'

/** What is printed for people goes to stdout, with --json to stderr; stdout then has the one line of JSON. */
export class Output {
  readonly json: boolean
  readonly stream: NodeJS.WriteStream

  constructor(json: boolean) {
    this.json = json
    this.stream = json ? process.stderr : process.stdout
  }

  /** Whether somebody looks on who can see a bar move. */
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
    this.stream.write(`${text}\n`)
  }

  /** A label and its value, in two columns. */
  field(label: string, value: string): void {
    const { dim } = pc.createColors(this.colors)
    this.line(`${dim(label.padEnd(10))} ${value}`)
  }

  heading(text: string): void {
    const { bold } = pc.createColors(this.colors)
    this.line()
    this.line(bold(text))
  }

  /** The one machine-readable line; nothing without --json. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`)
  }
}
