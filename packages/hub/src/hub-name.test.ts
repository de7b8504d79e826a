import { describe, expect, it } from 'vitest'
import { isRelativePath, parseHubName } from './hub-name.ts'

describe('the name of a repository', () => {
  it.each([
    ['org/name', 'org/name', 'main'],
    ['google-bert/bert-base-uncased@v1.0', 'google-bert/bert-base-uncased', 'v1.0'],
    ['hf://org/name@refs/pr/1', 'org/name', 'refs/pr/1'],
  ])('may be %s', (text, repo, revision) => {
    expect(parseHubName(text)).toEqual({ repo, revision })
  })

  it.each([
    'name',
    './name',
    '../name',
    '/org/name',
    'a/b/c',
    'org/',
    'org/na me',
    'org/n..me',
    'org/a--b',
    'org/-b',
    'org/x.git',
  ])('is not %s', (text) => {
    expect(parseHubName(text)).toBeUndefined()
  })

  it.each(['org/name@', 'org/name@../x', 'org/name@/x', 'org/name@a//b', 'https://org/name'])('is not %s', (text) => {
    expect(parseHubName(text)).toBeUndefined()
  })
})

it('a path stays in its folder', () => {
  expect(['a.json', 'onnx/model.bin'].every(isRelativePath)).toBe(true)
  expect(['', '/a', 'a/../b', '..', 'a\\b', 'C:a', './a', 'a/', 'a\0'].some(isRelativePath)).toBe(false)
})
