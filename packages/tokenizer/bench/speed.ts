/**
 * Times training and encoding, one thread, beside the Rust library (with --python) and `@huggingface/tokenizers`, in turns.
 *
 * usage: node --conditions=source bench/speed.ts --data FILE [--column NAME] [--lines 50000] [--python PATH] [--rounds 3] [--train] [--json]
 * The file holds a text a line; with --column it is a table separated by tabs, with a header. Trains a vocabulary of 8,000 on all lines
 * (with --train also by the Rust library, which takes minutes for Unigram) and encodes the first --lines of them one by one.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { Tokenizer as JsTokenizer } from '@huggingface/tokenizers'
import { normalizers, preTokenizers, Tokenizer, type TokenizerParts, type Trainer, trainers } from '../src/index.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    column: { type: 'string' },
    lines: { type: 'string', default: '50000' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    train: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (values.data === undefined) throw new Error('speed: expected --data FILE, got none.')

const VOCABULARY = 8000
const BERT_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

type Kind = 'wordpiece' | 'bpe' | 'unigram'

/** What is to be trained, with the settings of rust_speed.py. */
const pipelines: Record<Kind, () => [Trainer, Omit<TokenizerParts, 'model'>]> = {
  wordpiece: () => [
    new trainers.WordPieceTrainer({ vocabSize: VOCABULARY, specialTokens: BERT_TOKENS }),
    {
      normalizer: new normalizers.BertNormalizer({ stripAccents: false }),
      preTokenizer: new preTokenizers.BertPreTokenizer(),
    },
  ],
  bpe: () => [
    new trainers.BPETrainer({ vocabSize: VOCABULARY, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
    { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }) },
  ],
  unigram: () => [
    new trainers.UnigramTrainer({ vocabSize: VOCABULARY, specialTokens: ['<unk>'], unkToken: '<unk>' }),
    { normalizer: new normalizers.NFKC(), preTokenizer: new preTokenizers.Metaspace() },
  ],
}

function seconds(body: () => void): number {
  const start = performance.now()
  body()
  return (performance.now() - start) / 1000
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!

function readLines(file: string, column: string | undefined): string[] {
  const rows = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
  if (column === undefined) return rows
  const at = rows[0]!.split('\t').indexOf(column)
  if (at < 0) throw new Error(`speed: expected a column '${column}' in ${file}, got ${rows[0]}.`)
  return rows.slice(1).map((row) => row.split('\t')[at] ?? '')
}

/** The Rust library in a process of its own, idle between its turns. */
class RustPeer {
  readonly #child: ChildProcess
  readonly #answers: AsyncIterator<string>

  constructor(python: string) {
    const script = join(import.meta.dirname, 'rust_speed.py')
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]()
  }

  async name(): Promise<string> {
    return ((await this.#answer()) as { peer: string }).peer
  }

  async seconds(request: object): Promise<number> {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`)
    return ((await this.#answer()) as { seconds: number }).seconds
  }

  stop(): void {
    this.#child.stdin!.end()
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#answers.next()
    if (done) throw new Error('speed: expected the Python process to answer, got its end. Does it have tokenizers?')
    return JSON.parse(value)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'heddle-tokenizer-bench-'))
const rust = values.python === undefined ? undefined : new RustPeer(values.python)
try {
  const all = readLines(values.data, values.column)
  const lines = all.slice(0, Number(values.lines))
  const megabytes = new TextEncoder().encode(lines.join('')).length / 1e6
  const files = { all: join(folder, 'all.txt'), lines: join(folder, 'lines.txt') }
  writeFileSync(files.all, all.join('\n'))
  writeFileSync(files.lines, lines.join('\n'))
  const rustName = await rust?.name()

  for (const kind of Object.keys(pipelines) as Kind[]) {
    let trained: Tokenizer | undefined
    const training = seconds(() => {
      const [trainer, parts] = pipelines[kind]()
      trained = Tokenizer.train(all, trainer, parts)
    })
    const file = join(folder, `${kind}.json`)
    const saved = JSON.stringify(trained)
    writeFileSync(file, saved)
    const rustTraining =
      rust && values.train ? await rust.seconds({ data: files.all, train: kind, vocab_size: VOCABULARY }) : undefined

    const times = {
      encode: [] as number[],
      withOffsets: [] as number[],
      javascript: [] as number[],
      rust: [] as number[],
    }
    for (let round = 0; round < Number(values.rounds); round++) {
      const fresh = () => Tokenizer.fromJSON(saved)
      const [first, second] = [fresh(), fresh()]
      times.encode.push(
        seconds(() => {
          for (const line of lines) first.encode(line)
        }),
      )
      times.withOffsets.push(
        seconds(() => {
          for (const line of lines) {
            const { offsets, tokens } = second.encode(line)
            if (offsets.length !== tokens.length) throw new Error(`speed: offsets and tokens differ in number: ${line}`)
          }
        }),
      )
      const js = new JsTokenizer(JSON.parse(saved), {})
      times.javascript.push(
        seconds(() => {
          for (const line of lines) js.encode(line)
        }),
      )
      if (rust) times.rust.push(await rust.seconds({ data: files.lines, tokenizer: file }))
    }

    const speed = Object.fromEntries(
      Object.entries(times)
        .filter(([, taken]) => taken.length > 0)
        .map(([name, taken]) => [name, megabytes / median(taken)]),
    ) as Record<keyof typeof times, number>
    const ratio = (other: number | undefined) => (other === undefined ? undefined : speed.encode / other)
    const result = {
      kind,
      megabytesPerSecond: speed,
      timesJavascript: ratio(speed.javascript),
      timesRust: ratio(speed.rust),
      trainingSeconds: training,
      rustTrainingSeconds: rustTraining,
    }
    if (values.json) console.log(JSON.stringify(result))
    else {
      const rates = Object.entries(speed).map(([name, rate]) => `${name} ${rate.toFixed(1)} MB/s`)
      const ratios = [
        `${result.timesJavascript!.toFixed(1)} times @huggingface/tokenizers`,
        ...(result.timesRust === undefined ? [] : [`${result.timesRust.toFixed(1)} times ${rustName}`]),
      ]
      const trainings = `training ${training.toFixed(1)} s${rustTraining === undefined ? '' : ` (${rustName}: ${rustTraining.toFixed(1)} s)`}`
      console.log(`${kind}: ${[...rates, ...ratios, trainings].join(', ')}`)
    }
  }
} finally {
  rust?.stop()
  rmSync(folder, { recursive: true })
}
