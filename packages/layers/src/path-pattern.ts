/**
 * Makes a predicate of a pattern over paths of a tree, such as `encoder.layers.0.attention.query`. `*` stands for one name, or a
 * part of one; `**` for any number of names.
 *
 * @param at `start`: the pattern is a path, and everything below it matches too (`encoder`, `layers.*.attention`); `end`: it is the
 *   end of a path (`query`, `attention.query`)
 */
export function pathMatcher(pattern: string, at: 'start' | 'end'): (path: string) => boolean {
  const names = pattern.split('.').map((name) => {
    if (name === '**') return '(?:[^.]+\\.)*'
    return `${name.replace(/[\\^$+?()[\]{}|]/g, '\\$&').replaceAll('*', '[^.]*')}\\.`
  })
  const body = names.join('')
  const expression = at === 'start' ? new RegExp(`^${body}`, 'u') : new RegExp(`(?:^|\\.)${body}$`, 'u')
  return pattern === '' ? () => true : (path) => expression.test(`${path}.`)
}
