import { show } from '@heddle/core'
import { decodeText, type TextInput } from './decode-text.ts'
import { type Parsed, type ParseOptions, RowCollector, splitLines } from './parsed.ts'

/** A syntactic word. An unspecified field is `null`. */
export interface ConlluToken {
  /** Counted from 1 within the sentence. */
  readonly id: number
  readonly form: string
  readonly lemma: string | null
  /** The universal part of speech. */
  readonly upos: string | null
  /** The treebank's own part of speech. */
  readonly xpos: string | null
  /** Morphological features by name: `{ Number: 'Sing' }`. */
  readonly feats: Readonly<Record<string, string>>
  /** The id of the head, 0 for the root. */
  readonly head: number | null
  readonly deprel: string | null
  readonly deps: string | null
  readonly misc: string | null
}

/** A surface token made of the words from `start` to `end`. */
export interface ConlluMultiword {
  readonly start: number
  readonly end: number
  readonly form: string
  readonly misc: string | null
}

/** A word of the enhanced graph only, with the id `n.m`: the m-th after word n. */
export interface ConlluEmptyNode extends Omit<ConlluToken, 'id' | 'head' | 'deprel'> {
  readonly id: string
}

export interface ConlluSentence {
  /** The line on which the sentence starts. */
  readonly line: number
  /** The comment `# sent_id = …`. */
  readonly id: string | null
  /** The comment `# text = …`. */
  readonly text: string | null
  readonly comments: readonly string[]
  readonly tokens: readonly ConlluToken[]
  readonly multiwords: readonly ConlluMultiword[]
  readonly emptyNodes: readonly ConlluEmptyNode[]
}

/**
 * Reads a treebank in CoNLL-U: ten tab-separated fields for each word, a blank line after each sentence.
 *
 * Ids must count up from 1 and heads must be words of the sentence. With `malformed: 'skip'`, a malformed line leaves out its
 * whole sentence.
 *
 * @throws HeddleError `format`: `file:line: expected …, got …`
 * @see https://universaldependencies.org/format.html
 */
export function parseConllu(input: TextInput, options: ParseOptions = {}): Parsed<ConlluSentence> {
  const collector = new RowCollector<ConlluSentence>(options)
  const lines = splitLines(decodeText(input, options.file))
  for (let start = 0; start < lines.length; ) {
    if (lines[start] === '') {
      start++
      continue
    }
    let end = start
    while (end < lines.length && lines[end] !== '') end++
    const sentence = readSentence(lines, start, end)
    if ('problem' in sentence) collector.malformed(sentence.line, sentence.problem)
    else collector.add(sentence)
    start = end
  }
  return collector.result()
}

interface Problem {
  readonly line: number
  readonly problem: string
}

function readSentence(lines: readonly string[], start: number, end: number): ConlluSentence | Problem {
  const comments: string[] = []
  const tokens: ConlluToken[] = []
  const multiwords: ConlluMultiword[] = []
  const emptyNodes: ConlluEmptyNode[] = []
  const tokenLines: number[] = []
  for (let i = start; i < end; i++) {
    const text = lines[i]!
    const fail = (problem: string): Problem => ({ line: i + 1, problem })
    if (text.startsWith('#')) {
      if (tokens.length + multiwords.length + emptyNodes.length > 0) {
        return fail(`expected comments before the first word, got ${show(text)}.`)
      }
      comments.push(text.slice(1).trim())
      continue
    }
    const fields = text.split('\t')
    if (fields.length !== 10) return fail(`expected 10 fields separated by tabs, got ${fields.length}: ${show(text)}.`)
    const emptyField = fields.indexOf('')
    if (emptyField !== -1) return fail(`expected text or _ in field ${emptyField + 1}, got nothing: ${show(text)}.`)
    const [id, form, lemma, upos, xpos, feats, head, deprel, deps, misc] = fields as Ten
    const features = readFeatures(feats)
    if (features === undefined) return fail(`expected features Name=Value|…, got ${show(feats)}.`)
    const word = {
      form,
      // An underscore is its own lemma; elsewhere it means that there is none.
      lemma: form === '_' && lemma === '_' ? '_' : given(lemma),
      upos: given(upos),
      xpos: given(xpos),
      feats: features,
      deps: given(deps),
      misc: given(misc),
    }
    const range = /^(\d+)-(\d+)$/.exec(id)
    const empty = /^(\d+)\.([1-9]\d*)$/.exec(id)
    if (range !== null) {
      const [from, to] = [Number(range[1]), Number(range[2])]
      if (from !== tokens.length + 1 || to <= from) {
        return fail(`expected a word range that starts at ${tokens.length + 1}, got ${show(id)}.`)
      }
      multiwords.push({ start: from, end: to, form, misc: word.misc })
    } else if (empty !== null) {
      if (Number(empty[1]) !== tokens.length)
        return fail(`expected an empty node after word ${tokens.length}, got ${show(id)}.`)
      emptyNodes.push({ id, ...word })
    } else {
      if (id !== String(tokens.length + 1)) return fail(`expected the word id ${tokens.length + 1}, got ${show(id)}.`)
      if (head !== '_' && !/^\d+$/.test(head))
        return fail(`expected a head that is a word id, 0 or _, got ${show(head)}.`)
      tokens.push({ id: tokens.length + 1, ...word, head: head === '_' ? null : Number(head), deprel: given(deprel) })
      tokenLines.push(i + 1)
    }
  }
  if (tokens.length === 0) return { line: start + 1, problem: 'expected at least one word in the sentence, got none.' }
  for (const [i, { head }] of tokens.entries()) {
    if (head !== null && head > tokens.length) {
      return { line: tokenLines[i]!, problem: `expected a head from 0 to ${tokens.length}, got ${head}.` }
    }
  }
  const tooLong = multiwords.find((range) => range.end > tokens.length)
  if (tooLong !== undefined) {
    return {
      line: start + 1,
      problem: `expected words up to ${tooLong.end} for a word range, got ${tokens.length} words.`,
    }
  }
  const comment = (key: string) => {
    for (const text of comments) {
      const at = text.indexOf('=')
      if (at !== -1 && text.slice(0, at).trimEnd() === key) return text.slice(at + 1).trimStart()
    }
    return null
  }
  return { line: start + 1, id: comment('sent_id'), text: comment('text'), comments, tokens, multiwords, emptyNodes }
}

type Ten = [string, string, string, string, string, string, string, string, string, string]

const given = (field: string): string | null => (field === '_' ? null : field)

function readFeatures(field: string): Record<string, string> | undefined {
  if (field === '_') return {}
  const pairs = field.split('|').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)] as const
  })
  return pairs.some(([name, value]) => name === '' || value === '') ||
    !field.split('|').every((pair) => pair.includes('='))
    ? undefined
    : Object.fromEntries(pairs)
}
