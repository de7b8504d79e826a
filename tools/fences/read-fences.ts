import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A `ts` code fence of a Markdown file. */
export interface Fence {
  /** Path of the Markdown file, from the root. */
  readonly document: string
  /** Line of the first line of code, from 1. */
  readonly line: number
  readonly code: string
  /** Why the fence is not run, where its first line says so: `// Not run: <reason>`. */
  readonly notRun?: string
}

/** A program that the tests type-check and run: a fence, and those that go on from it. */
export interface FenceProgram {
  readonly document: string
  readonly line: number
  /** The code, with the line numbers of the document. */
  readonly code: string
  readonly notRun?: string
}

const CONTINUES = /^\/\/ Continued\b/

/** The documents whose fences are tested. */
function documentsOf(root: string): string[] {
  return globSync(['README.md', '{packages,apps,examples}/*/README.md', 'docs/*.md'], { cwd: root }).sort()
}

/** The `ts` fences of a Markdown text. */
export function fencesIn(document: string, text: string): Fence[] {
  const fences: Fence[] = []
  let open: { line: number; code: string[]; isTs: boolean; mark: string } | undefined
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const mark = /^(`{3,})(.*)$/.exec(line)
    if (open === undefined) {
      if (mark !== null)
        open = { line: i + 2, code: [], isTs: /^(ts|typescript)\b/.test(mark[2]!.trim()), mark: mark[1]! }
    } else if (mark !== null && mark[1]!.length >= open.mark.length && mark[2]!.trim() === '') {
      if (open.isTs) fences.push(fence(document, open.line, open.code))
      open = undefined
    } else open.code.push(line)
  }
  return fences
}

function fence(document: string, line: number, code: readonly string[]): Fence {
  const reason = /^\/\/ Not run: (.+)$/.exec(code[0] ?? '')?.[1]
  return { document, line, code: code.join('\n'), ...(reason !== undefined && { notRun: reason }) }
}

/** Joins each fence that starts with `// Continued` to the one before it, as a reader does who pastes one below the other. */
export function programsOf(fences: readonly Fence[]): FenceProgram[] {
  const programs: FenceProgram[] = []
  for (const { document, line, code, notRun } of fences) {
    const before = programs.at(-1)
    const continues = CONTINUES.test(code) && before?.document === document && before.notRun === undefined
    if (!continues)
      programs.push({ document, line, code: padded('', line, code), ...(notRun !== undefined && { notRun }) })
    else programs[programs.length - 1] = { ...before, code: padded(before.code, line, code) }
  }
  return programs
}

/** `code` below `before`, moved down so that its first line has the number `line`. */
function padded(before: string, line: number, code: string): string {
  const lines = before === '' ? 0 : before.split('\n').length
  return `${before}${'\n'.repeat(Math.max(1, line - lines) - (lines === 0 ? 1 : 0))}${code}`
}

/** All programs of all documents below `root`. */
export function readPrograms(root: string): FenceProgram[] {
  return documentsOf(root).flatMap((document) =>
    programsOf(fencesIn(document, readFileSync(join(root, document), 'utf8'))),
  )
}
