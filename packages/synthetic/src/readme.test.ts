import { readFileSync } from 'node:fs'
import * as core from '@heddle/core'
import { expect, it } from 'vitest'
import * as synthetic from './index.ts'

it('prints in the README what its comments say', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```js\n([\s\S]*?)```/.exec(readme)![1]!
  const printed: string[] = []
  const names = { ...core, ...synthetic, console: { log: (value: unknown) => printed.push(String(value)) } }
  new Function(...Object.keys(names), example.replaceAll(/^import .*$/gm, ''))(...Object.values(names))
  const expected = [...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, comment]) => comment)
  expect(expected.length).toBeGreaterThan(3)
  expect(printed).toEqual(expected)
})
