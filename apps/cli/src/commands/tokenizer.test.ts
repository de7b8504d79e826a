import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tokenizer } from '@heddle/tokenizer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Finished, heddle, heddleMany, heddleWithInput, startHeddle } from '../test-support/heddle.ts'
import { itExplains, type Mistake } from '../test-support/mistakes.ts'

const PARITY = join(import.meta.dirname, '../../../../packages/parity/fixtures/tokenizers')
const corpusOf = (name: string) => join(PARITY, name, 'corpus.txt')

/** The settings that the golden cases were trained with. */
const CASES: [string, string[]][] = [
  ['bpe_bytelevel', ['--preset', 'gpt2', '--vocab-size', '500']],
  [
    'bpe_metaspace',
    '--model bpe --normalizer NFKC --pre-tokenizer Metaspace --vocab-size 400 --special <unk> <s> </s>'.split(' '),
  ],
  ['wordlevel', ['--model', 'word', '--normalizer', 'none', '--pre-tokenizer', 'Whitespace']],
]

const PRESETS = ['bert', 'bert-cased', 'gpt2', 'roberta', 't5']
const TEXT = '나는 학교에 갔다. The loom and the thread.'

const MISTAKES: readonly Mistake[] = [
  [[], /tokenizer: expected a command, got none\. Choose one of train, encode, decode, info/],
  [['trian'], /expected a command, got "trian"\. Did you mean 'train'\?/],
  [['train', '--data', 'text.txt'], /expected --model or --preset, got neither/],
  [['train', '--model', 'bpe'], /--data: expected text files, got none/],
  [['train', '--model', 'bqe', '--data', 'text.txt'], /--model: expected a model .* got "bqe"\. Did you mean 'bpe'\?/],
  [['train', '--preset', 'bret', '--data', 'text.txt'], /--preset: .* got "bret"\. Did you mean 'bert'/],
  [
    ['train', '--preset', 'bert', '--model', 'bpe'],
    /--model: expected wordpiece, which the preset bert has, got "bpe"/,
  ],
  [['train', '--model', 'char', '--vocab-size', '9'], /--vocab-size: expected a setting of the model char/],
  [['train', '--model', 'bpe', '--vocab-size', 'x'], /--vocab-size: expected a whole number, got "x"/],
  [['train', '--model', 'bpe', '--vocab-size', '0', '--data', 'text.txt'], /'vocabSize': too small/],
  [['train', '--model', 'bpe', '--data', 'nowhere.txt'], /expected a file or folder, got none at nowhere\.txt/],
  [['train', '--model', 'bpe', '--data', 'latin1.txt', '--out', 'x.json'], /latin1\.txt:2: expected UTF-8/],
  [['train', '--model', 'bpe', '--data', 'text.txt', '--out', 'text.txt'], /text\.txt, which is something else/],
  [['train', '--model', 'bpe', '--data', 'text.txt', '--out', 'full'], /got the folder full\. Write --out full\/token/],
  [['train', '--model', 'bpe', '--normalizer', '{', '--data', 'text.txt'], /--normalizer: expected a name or JSON/],
  [
    ['train', '--model', 'bpe', '--normalizer', 'NFKX', '--data', 'text.txt', '--out', 'x.json'],
    /no tokenizer normalizer is named "NFKX"\. Did you mean 'NFKC'/,
  ],
  [['encode', 'nowhere', 'x'], /nowhere: expected a tokenizer or a folder that holds one, got none/],
  [['encode', 'full', 'x'], /full: expected a tokenizer\.json, vocab\.txt, .* got "notes\.md"\. Name the file/],
  [['encode', 'broken.json', 'x'], /broken\.json: tokenizer\.json: 'model': /],
  [['encode', 'broken.model', 'x'], /broken\.model: SentencePiece model/],
  [['encode', 'vocab-only/vocab.json', 'x'], /merges\.txt: expected a readable file, got none/],
  [['encode', 'gpt2.json', 'a', 'b', '--pair', 'c'], /--pair: expected one text before it, got 2 texts/],
  [['encode', 'gpt2.json', '--pair', 'c', '--data', 'text.txt'], /--pair: expected one text before it, got files/],
  [['encode', 'gpt2.json', '--data', 'text.txt', '--pair'], /two texts with a tab between, got no tab in line 1/],
  [['encode', 'gpt2.json', 'x', '--data', 'text.txt'], /expected a text or --data, got both/],
  [['decode', 'gpt2.json', '1', 'two'], /expected ids, got "two"/],
  [['decode', 'gpt2.json', '99999'], /expected ids of the \d+ tokens, got 99999/],
  [['info', 'gpt2.json', '--data', 'nowhere.txt'], /expected a file or folder, got none at nowhere\.txt/],
]

let folder: string
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!)
const tokenizerOf = async (file: string) => Tokenizer.fromJSON(await readFile(join(folder, file), 'utf8'))
const many = (lines: string[][]) =>
  heddleMany(
    folder,
    lines.map((line) => ['tokenizer', ...line]),
  )

/** A SentencePiece file: field 1 of the message is a piece, with its text (1), score (2) and type (3: 2 is the unknown one). */
function sentencePieceModel(pieces: readonly string[]): Uint8Array {
  const field = (number: number, bytes: readonly number[]) => [(number << 3) | 2, bytes.length, ...bytes]
  const score = (value: number) => [(2 << 3) | 5, ...new Uint8Array(new Float32Array([value]).buffer)]
  const entries = pieces.map((piece, i) => {
    const type = [3 << 3, i === 0 ? 2 : 1]
    return field(1, [...field(1, [...new TextEncoder().encode(piece)]), ...score(-i), ...type])
  })
  return Uint8Array.from(entries.flat())
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-tokenizer-'))
  await writeFile(join(folder, 'text.txt'), `${TEXT}\n`.repeat(3))
  await writeFile(join(folder, 'latin1.txt'), new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]))
  await writeFile(join(folder, 'broken.json'), '{"model": 3}')
  await writeFile(join(folder, 'broken.model'), 'no such thing')
  await mkdir(join(folder, 'full'))
  await writeFile(join(folder, 'full/notes.md'), 'notes')
  await mkdir(join(folder, 'vocab-only'))
  await writeFile(join(folder, 'vocab-only/vocab.json'), '{"a": 0}')
  const trained = await many([
    ...PRESETS.map((preset) => [
      ...['train', '--preset', preset, '--data', corpusOf('bpe_bytelevel'), 'text.txt'],
      ...['--vocab-size', '320', '--out', `${preset}.json`, '--json'],
    ]),
    ['train', '--model', 'char', '--data', 'text.txt', '--out', 'deep/char.json'],
  ])
  for (const { code, stderr } of trained) expect(code, stderr).toBe(0)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('heddle tokenizer train', () => {
  it.each(CASES)('learns what the Rust library learnt: %s', async (name, options) => {
    const out = `${name}.json`
    const { code, stdout, stderr } = await heddle(
      folder,
      ...['tokenizer', 'train', '--data', corpusOf(name), '--out', out, '--json', ...options],
    )
    expect(code, stderr).toBe(0)
    const ours = JSON.parse(await readFile(join(folder, out), 'utf8'))
    const theirs = JSON.parse(await readFile(join(PARITY, name, 'tokenizer.json'), 'utf8'))
    expect(ours.model.vocab).toEqual(theirs.model.vocab)
    expect(ours.model.merges).toEqual(theirs.model.merges)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(lastLine(stdout)).toMatchObject({
      tokenizer: out,
      lines: 600,
      vocabSize: Object.keys(theirs.model.vocab).length,
    })
  })

  it('puts the tokens of each preset around a text, and gives the text back', async () => {
    const around: Record<string, string[]> = {}
    for (const preset of PRESETS) {
      const tokenizer = await tokenizerOf(`${preset}.json`)
      around[preset] = [...tokenizer.encode('').tokens]
      expect(tokenizer.vocabSize).toBeLessThanOrEqual(320)
      if (preset !== 'bert') expect(tokenizer.decode(tokenizer.encodeIds(TEXT))).toBe(TEXT)
    }
    expect(around).toEqual({
      bert: ['[CLS]', '[SEP]'],
      'bert-cased': ['[CLS]', '[SEP]'],
      gpt2: [],
      roberta: ['<s>', '</s>'],
      t5: ['</s>'],
    })
  })

  it('gives a character model every character and the line feed, and makes folders', async () => {
    const tokenizer = await tokenizerOf('deep/char.json')
    expect(tokenizer.decode(tokenizer.encodeIds(`${TEXT}\n${TEXT}`))).toBe(`${TEXT}\n${TEXT}`)
    expect(tokenizer.vocabSize).toBe(new Set(TEXT).size + 2)
  })

  it('puts special tokens first, after those that the pipeline needs', async () => {
    const word = ['train', '--model', 'word', '--data', 'text.txt']
    const results = await many([
      [...word, '--special', '<a>', '<unk>', '--out', 'named.json'],
      [...word, '--special', '<a>', '--out', 'added.json'],
      [...word, '--unk-token', '<?>', '--out', 'renamed.json'],
      ['train', '--model', 'char', '--unk-token', 'null', '--data', 'text.txt', '--out', 'strict.json'],
    ])
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const special = async (file: string) => (await tokenizerOf(file)).addedTokens().map(([, { content }]) => content)
    expect(await special('named.json')).toEqual(['<a>', '<unk>'])
    expect(await special('added.json')).toEqual(['<unk>', '<a>'])
    expect(await special('renamed.json')).toEqual(['<pad>', '<?>', '<sos>', '<eos>'])
    expect(await special('strict.json')).toEqual([])
  })

  it('writes over a tokenizer, and over anything else only when forced', async () => {
    const train = ['train', '--model', 'char', '--data', 'text.txt']
    await writeFile(join(folder, 'precious.txt'), 'precious')
    const results = await many([
      [...train, '--out', 'again.json'],
      [...train, '--out', 'again.json'],
      [...train, '--out', 'precious.txt'],
    ])
    expect(results.map(({ code }) => code)).toEqual([0, 0, 2])
    expect(await readFile(join(folder, 'precious.txt'), 'utf8')).toBe('precious')
    const [forced] = (await many([[...train, '--out', 'precious.txt', '--force']])) as [Finished]
    expect(forced.code).toBe(0)
    expect((await tokenizerOf('precious.txt')).vocabSize).toBeGreaterThan(10)
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('heddle tokenizer encode and decode', () => {
  it('show tokens and ids of texts, and the text of ids', async () => {
    const tokenizer = await tokenizerOf('bert-cased.json')
    const ids = [...tokenizer.encode(TEXT).ids]
    const plain = [...tokenizer.encode(TEXT, undefined, { addSpecialTokens: false }).ids]
    const [shown, bare, without, json, decoded, kept] = (await many([
      ['encode', 'bert-cased.json', TEXT],
      ['encode', 'bert-cased.json', '--ids', TEXT, TEXT],
      ['encode', 'bert-cased.json', '--ids', '--no-special', TEXT],
      ['encode', 'bert-cased.json', '--json', TEXT],
      ['decode', 'bert-cased.json', ...ids.map(String)],
      ['decode', 'bert-cased.json', '--keep-special', JSON.stringify(ids)],
    ])) as [Finished, Finished, Finished, Finished, Finished, Finished]
    const [borders, numbers] = shown.stdout.trimEnd().split('\n') as [string, string]
    expect(borders.replaceAll('│', '')).toBe(TEXT)
    expect(borders.split('│').filter((part) => part !== ' ')).toHaveLength(plain.length)
    expect(numbers).toBe(`  ${ids.length} tokens: ${ids.join(' ')}`)
    expect(bare.stdout).toBe(`${ids.join(' ')}\n${ids.join(' ')}\n`)
    expect(without.stdout).toBe(`${plain.join(' ')}\n`)
    expect(lastLine(json.stdout).results[0]).toMatchObject({ text: TEXT, ids, tokens: tokenizer.encode(TEXT).tokens })
    expect(decoded.stdout).toBe(`${TEXT}\n`)
    expect(kept.stdout).toBe(`[CLS] ${TEXT} [SEP]\n`)
  })

  it('take lines from standard input, one text each', async () => {
    const piped = async (input: string, ...args: string[]) =>
      (await heddleWithInput(folder, input, 'tokenizer', ...args)).stdout
    const ids = await piped('나는 학교에\n\nThe loom', 'encode', 'gpt2.json', '--ids')
    expect(ids.split('\n')).toHaveLength(4)
    expect(await piped(ids, 'decode', 'gpt2.json')).toBe('나는 학교에\n\nThe loom\n')
  })

  it('take pairs, from the command line and from lines with a tab', async () => {
    const tokenizer = await tokenizerOf('bert.json')
    const second = '어제 갔다.'
    const pair = tokenizer.encode(TEXT, second)
    await writeFile(join(folder, 'pairs.tsv'), `${TEXT}\t${second}\n나는\tThe loom\n`)
    const [shown, json, lines, bare] = (await many([
      ['encode', 'bert-cased.json', TEXT, '--pair', second],
      ['encode', 'bert.json', '--json', TEXT, '--pair', second],
      ['encode', 'bert.json', '--json', '--data', 'pairs.tsv', '--pair'],
      ['encode', 'bert.json', '--ids', '--no-special', '--data', 'pairs.tsv', '--pair'],
    ])) as [Finished, Finished, Finished, Finished]
    const [first, other] = shown.stdout.split('\n') as [string, string]
    expect([first, other].map((line) => line.replaceAll('│', ''))).toEqual([TEXT, second])
    const columns = { ids: [...pair.ids], tokens: pair.tokens, offsets: pair.offsets, typeIds: [...pair.typeIds] }
    expect(columns.typeIds).toContain(1)
    expect(lastLine(json.stdout).results).toEqual([expect.objectContaining({ text: TEXT, pair: second, ...columns })])
    expect(lastLine(lines.stdout).results).toMatchObject([columns, { text: '나는', pair: 'The loom' }])
    const plain = tokenizer.encode(TEXT, second, { addSpecialTokens: false })
    expect(bare.stdout.split('\n')[0]).toBe([...plain.ids].join(' '))
  })

  it('take lines from files, one text each', async () => {
    const [encoded] = (await many([['encode', 'gpt2.json', '--ids', '--data', 'text.txt']])) as [Finished]
    expect(encoded.stdout.trimEnd().split('\n')).toHaveLength(3)
    await writeFile(join(folder, 'ids.txt'), encoded.stdout)
    const [decoded] = (await many([['decode', 'gpt2.json', '--data', 'ids.txt']])) as [Finished]
    expect(decoded.stdout).toBe(`${TEXT}\n`.repeat(3))
  })

  it('color the borders on a terminal', async () => {
    // Stands for a terminal: the command asks its streams, which only a real terminal or this can answer.
    const script = `process.stdout.isTTY = true
      const { runCli } = await import(${JSON.stringify(join(import.meta.dirname, '../program.ts'))})
      await runCli(['tokenizer', 'encode', 'gpt2.json', 'The loom'])`
    const args = ['--conditions=source', '--input-type=module', '-e', script]
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, FORCE_COLOR: '1', NO_COLOR: '' },
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    await new Promise((resolve) => child.on('close', resolve))
    expect(stdout).toContain(`${String.fromCharCode(27)}[46m`)
    expect(stdout).not.toContain('│')
  })
})

describe('heddle tokenizer info', () => {
  it('shows parts, sizes and how a tokenizer does on a text', async () => {
    const [people, machine] = (await many([
      ['info', 'deep/char.json', '--data', 'text.txt'],
      ['info', 'bert.json', '--data', 'text.txt', '--json'],
    ])) as [Finished, Finished]
    expect(people.stdout).toMatch(/^model +Char/m)
    expect(people.stdout).toContain(`tokens per word      ${(TEXT.length / 8).toFixed(3)}`)
    const info = lastLine(machine.stdout)
    expect(info).toMatchObject({
      format: 'tokenizer.json',
      unkToken: '[UNK]',
      aroundText: ['[CLS]', '[SEP]'],
      statistics: { lines: 3, words: 24, unknownTokens: 0, unknownRate: 0 },
    })
    const tokenizer = await tokenizerOf('bert.json')
    const { tokens } = tokenizer.encode(TEXT, undefined, { addSpecialTokens: false })
    expect(info.statistics.tokens).toBe(3 * tokens.length)
    expect(info.statistics.tokensPerWord).toBeCloseTo(tokens.length / 8)
    expect(info.statistics.bytesPerToken).toBeCloseTo(Buffer.byteLength(TEXT) / tokens.length)
  })

  it('reads the other kinds of file, and folders that hold them', async () => {
    const bert = await tokenizerOf('bert-cased.json')
    const gpt2 = JSON.parse(await readFile(join(folder, 'gpt2.json'), 'utf8')).model
    const vocabulary = [...bert.vocabulary()].sort((a, b) => a[1] - b[1]).map(([token]) => token)
    for (const name of ['cased', 'config', 'merges', 'run']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'cased/vocab.txt'), vocabulary.join('\n'))
    await writeFile(join(folder, 'config/vocab.txt'), vocabulary.join('\n'))
    await writeFile(join(folder, 'config/tokenizer_config.json'), '{"do_lower_case": true}')
    await writeFile(join(folder, 'merges/vocab.json'), JSON.stringify(gpt2.vocab))
    await writeFile(join(folder, 'merges/merges.txt'), gpt2.merges.map((pair: string[]) => pair.join(' ')).join('\n'))
    await writeFile(join(folder, 'run/tokenizer.json'), JSON.stringify(bert))
    await writeFile(join(folder, 'run/config.json'), '{}')
    const paths = ['cased', 'config/vocab.txt', 'merges', 'merges/merges.txt', 'run']
    const results = await many(paths.map((path) => ['encode', path, '--ids', TEXT]))
    const ids = [...bert.encode(TEXT).ids].join(' ')
    const gpt2Ids = (await tokenizerOf('gpt2.json')).encodeIds(TEXT).join(' ')
    expect(results.map(({ stdout }) => stdout.trimEnd() === ids)).toEqual([true, false, false, false, true])
    expect(results.map(({ stdout }) => stdout.trimEnd() === gpt2Ids)).toEqual([false, false, true, true, false])
    await mkdir(join(folder, 'sentencepiece'))
    await writeFile(
      join(folder, 'sentencepiece/spiece.model'),
      sentencePieceModel(['<unk>', '\u2581나는', '\u2581학교', '에']),
    )
    const [pieces] = (await many([['encode', 'sentencepiece', '--ids', '나는 학교에']])) as [Finished]
    expect(pieces.stdout).toBe('1 2 3\n')
    const ranks = [...new TextEncoder().encode('low'), 0xff].map(
      (byte, rank) => `${btoa(String.fromCharCode(byte))} ${rank}`,
    )
    await writeFile(join(folder, 'tiny.tiktoken'), [...ranks, `${btoa('lo')} 4`].join('\n'))
    await writeFile(join(folder, 'tok.vocab'), '<unk>\t0\n\u2581나는\t-2.5\n')
    const [tiktoken, listing] = (await many([
      ['encode', 'tiny.tiktoken', '--ids', 'low'],
      ['encode', 'tok.vocab', '--ids', 'low'],
    ])) as [Finished, Finished]
    expect(tiktoken.stdout).toBe('4 2\n')
    expect(listing.stderr).toMatch(/tok\.vocab: expected a tokenizer, got the list of pieces and scores/)
    const [info] = (await many([['info', 'config', '--json']])) as [Finished]
    expect(lastLine(info.stdout).parts.normalizer).toContain('lowercase=true')
  })
})

describe('parts of a third party', () => {
  it('work in all four commands, and are missed where they are not given', async () => {
    const library = join(import.meta.dirname, '../../../../packages/tokenizer/src/index.ts')
    // Splits after each vowel, so that ` loom` is ` lo`, `o`, `m`.
    const plugin = `import { preTokenizerPoint } from ${JSON.stringify(library)}
      const split = (text, start, end, out) => {
        for (let from = start, i = start; i < end; i++)
          if ('aeiou'.includes(text[i]) || i + 1 === end) out.push(from, (from = i + 1))
      }
      const create = () => ({
        preTokenize: (pieces) => pieces.split(split),
        toJSON: () => ({ type: 'acme/vowels' }),
      })
      const config = { '~standard': { version: 1, vendor: 'acme', validate: (value) => ({ value }), jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) } } }
      export const acme = {
        name: 'acme',
        contributes: [preTokenizerPoint.of({ name: 'acme/vowels', summary: 'splits after vowels', config, create })],
      }`
    await writeFile(join(folder, 'acme.mjs'), plugin)
    const use = ['--plugin', './acme.mjs']
    const file = 'vowels.json'
    const train = ['train', '--model', 'word', '--pre-tokenizer', 'acme/vowels', '--normalizer', 'none']
    const finished: Finished[] = []
    for (const args of [
      [...train, '--decoder', 'Fuse', '--data', 'text.txt', '--out', file, ...use],
      ['encode', file, 'The loom', ...use],
      ['encode', file, '--ids', 'The loom', ...use],
      ['info', file, ...use],
      ['encode', file, 'The loom'],
    ])
      finished.push(await heddle(folder, 'tokenizer', ...args))
    const [trained, shown, ids, info, without] = finished as [Finished, Finished, Finished, Finished, Finished]
    expect(trained.code, trained.stderr).toBe(0)
    expect(shown.stdout.split('\n')[0]).toBe('The│ lo│o│m')
    expect(info.stdout).toMatch(/^pre-tokenizer +acme\/vowels$/m)
    const decoded = await heddle(folder, 'tokenizer', 'decode', file, ...use, ...ids.stdout.trim().split(' '))
    expect(decoded.stdout).toBe(' loo\n')
    expect(without.code).toBe(2)
    expect(without.stderr).toMatch(/no tokenizer pre-tokenizer is named "acme\/vowels"/)
  })
})

describe('mistakes', () => {
  let results: Finished[]
  beforeAll(async () => {
    results = await many(MISTAKES.map(([args]) => args))
  })

  itExplains('heddle tokenizer', MISTAKES, () => results)
})

it.each([[['list', 'translate']], [['list']]])('heddle %j ends quietly when nobody reads on', async (args) => {
  const { process: child, finished } = startHeddle(folder, ...args)
  child.stdout!.destroy()
  expect(await finished).toEqual({ code: 141, stdout: '', stderr: '' })
})
