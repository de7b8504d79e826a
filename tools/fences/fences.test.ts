import { describe, expect, it } from 'vitest'
import { checkedSource, matchesOutput } from './checked-source.ts'
import { importsOf, installedIn } from './installs.ts'
import { fencesIn, programsOf } from './read-fences.ts'

const document = [
  '# Title',
  '```ts',
  'const a = 1',
  '```',
  'text',
  '```sh',
  'ls',
  '```',
  '```ts',
  '// Continued',
  'a + 1',
  '```',
].join('\n')

describe('reading fences', () => {
  it('finds the ts fences with their lines', () => {
    expect(fencesIn('x.md', document)).toEqual([
      { document: 'x.md', line: 3, code: 'const a = 1' },
      { document: 'x.md', line: 10, code: '// Continued\na + 1' },
    ])
  })

  it('joins a fence that continues, at the line numbers of the document', () => {
    const [program, ...others] = programsOf(fencesIn('x.md', document))
    expect(others).toEqual([])
    expect(program!.code.split('\n').indexOf('const a = 1')).toBe(2)
    expect(program!.code.split('\n').indexOf('a + 1')).toBe(10)
  })

  it('reads why a fence is not run, and does not take a longer fence for two', () => {
    expect(fencesIn('x.md', '```ts\n// Not run: needs a camera\nlook()\n```')[0]?.notRun).toBe('needs a camera')
    expect(fencesIn('x.md', '````md\n```ts\nlook()\n```\n````')).toEqual([])
  })
})

describe('checks from comments', () => {
  it('compares what a line prints, and expects an error where one is stated', () => {
    expect(checkedSource("console.log(f(1), 'x') // 2 x")).toBe(`__example.logs(1, "2 x", f(1), 'x')`)
    expect(checkedSource('\nf(0) // throws: above 0')).toBe(
      '\nawait __example.throws(2, "above 0", async () => { f(0) })',
    )
    expect(checkedSource('// console.log(1) // 1\nconsole.log(1)')).toBe('// console.log(1) // 1\nconsole.log(1)')
  })

  it('an ellipsis stands for any text', () => {
    expect(matchesOutput('[ 1, 2 ]', '[ 1, 2 ]')).toBe(true)
    expect(matchesOutput('[ 1, 3 ]', '[ 1, 2 ]')).toBe(false)
    expect(matchesOutput('0.0176543', '0.0176…')).toBe(true)
    expect(matchesOutput('10.0176', '0.0176…')).toBe(false)
    expect(matchesOutput('a.c', 'a.c')).toBe(true)
    expect(matchesOutput('abc', 'a.c')).toBe(false)
  })
})

it('reads which packages a document installs and a program imports', () => {
  expect(installedIn('npm install --save-dev a @b/c # comment\nnpm run x')).toEqual(new Set(['a', '@b/c']))
  expect(importsOf("import {\n  x,\n} from '@b/c/d'\nimport 'a/y.js'\nimport * as z from 'node:fs'")).toEqual([
    '@b/c',
    'a',
  ])
})
