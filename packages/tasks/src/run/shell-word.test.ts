import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellWord } from './shell-word.ts'

it('leaves plain paths as they are', () => {
  expect(shellWord('runs/char-lm-1')).toBe('runs/char-lm-1')
})

it.skipIf(process.platform === 'win32')('is read by a shell as the same path', () => {
  for (const path of ["my run's dir/r 1", '$HOME `x` "y"', "''", '번역 1', 'a\\b', '*']) {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(path)}`], { encoding: 'utf8' })).toBe(path)
  }
})
