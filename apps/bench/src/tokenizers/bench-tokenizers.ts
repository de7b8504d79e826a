import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HeddleError } from '@heddle/core'
import { normalizers, preTokenizers, Tokenizer, type TokenizerParts, type Trainer, trainers } from '@heddle/tokenizer'
import { Tokenizer as JsTokenizer } from '@huggingface/tokenizers'
import { median } from '../measure.ts'
import { Peer } from '../peer.ts'

const HELP = `Times training and encoding of tokenizers in one thread, beside '@huggingface/tokenizers' and the Rust library, in turns.

usage: pnpm bench tokenizer --data FILE [--column NAME] [--lines N] [--python PATH] [--rounds N] [--train] [--json]

  --data    file with one text a line
  --column  the file is a table separated by tabs, with a header; the texts are in this column
  --lines   number of lines that are encoded, one by one (default: 50000); all lines are trained on
  --python  Python that has 'tokenizers', the Rust library
  --rounds  rounds, of which the median counts (default: 3)
  --train   times training by the Rust library too, which takes minutes for Unigram
  --json    print JSON lines`

const VOCABULARY = 8000
const BERT_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

type Kind = 'wordpiece' | 'bpe' | 'unigram'

/** Trainer and parts of each kind, with the settings of rust_tokenizers.py. */
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

function readLines(file: string, column: string | undefined): string[] {
  const rows = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n')
  if (column === undefined) return rows
  const at = rows[0]!.split('\t').indexOf(column)
  if (at < 0)
    throw new HeddleError(
      'data',
      `bench tokenizer: expected a column '${column}' in ${file}, got ${rows[0]}. Check its header.`,
    )
  return rows.slice(1).map((row) => row.split('\t')[at] ?? '')
}

/** `pnpm bench tokenizer`. */
export async function benchTokenizers(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      column: { type: 'string' },
      lines: { type: 'string', default: '50000' },
      python: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      train: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  if (values.data === undefined) {
    throw new HeddleError('usage', 'bench tokenizer: expected --data FILE, got none. Name a file with one text a line.')
  }
  const rust =
    values.python === undefined
      ? undefined
      : await Peer.start(values.python, [join(import.meta.dirname, 'rust_tokenizers.py')], 'tokenizers')
  const rustSeconds = async (request: object) => (await rust!.ask<{ seconds: number }>(request)).seconds
  const folder = mkdtempSync(join(tmpdir(), 'heddle-tokenizer-bench-'))
  try {
    const all = readLines(values.data, values.column)
    const lines = all.slice(0, Number(values.lines))
    const megabytes = new TextEncoder().encode(lines.join('')).length / 1e6
    const files = { all: join(folder, 'all.txt'), lines: join(folder, 'lines.txt') }
    writeFileSync(files.all, all.join('\n'))
    writeFileSync(files.lines, lines.join('\n'))

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
        rust && values.train ? await rustSeconds({ data: files.all, train: kind, vocab_size: VOCABULARY }) : undefined

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
            for (const line of lines)
              if (first.encode(line).ids.length > line.length * 4) throw new Error(`too many tokens: ${line}`)
          }),
        )
        times.withOffsets.push(
          seconds(() => {
            for (const line of lines) {
              const { ids, offsets, tokens } = second.encode(line)
              if (offsets.length !== tokens.length || ids.length !== tokens.length)
                throw new Error(`ids, offsets and tokens differ in number: ${line}`)
            }
          }),
        )
        const js = new JsTokenizer(JSON.parse(saved), {})
        times.javascript.push(
          seconds(() => {
            for (const line of lines) js.encode(line)
          }),
        )
        if (rust) times.rust.push(await rustSeconds({ data: files.lines, tokenizer: file }))
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
          ...(result.timesRust === undefined ? [] : [`${result.timesRust.toFixed(1)} times ${rust!.name}`]),
        ]
        const trainings = `training ${training.toFixed(1)} s${rustTraining === undefined ? '' : ` (${rust!.name}: ${rustTraining.toFixed(1)} s)`}`
        console.log(`${kind}: ${[...rates, ...ratios, trainings].join(', ')}`)
      }
    }
  } finally {
    rust?.stop()
    rmSync(folder, { recursive: true })
  }
}
