import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { parseAst } from 'vitest/node'
import { markPure } from './mark-pure.ts'

const marked = (code: string) => markPure(code, (code) => parseAst(code))

/** The names of the constants that a bundler keeps when only `used` is imported. */
async function keptWith(code: string): Promise<string[]> {
  const entry = { contents: "import { used } from './lib.js'; console.log(used)", resolveDir: '/' }
  const { outputFiles } = await build({
    stdin: entry,
    bundle: true,
    write: false,
    format: 'esm',
    external: ['other'],
    plugins: [
      {
        name: 'lib',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /lib\.js$/ }, () => ({ path: 'lib', namespace: 'lib' }))
          onLoad({ filter: /.*/, namespace: 'lib' }, () => ({ contents: code }))
        },
      },
    ],
  })
  return [...outputFiles[0]!.text.matchAll(/var (\w+) =/g)].map((match) => match[1]!)
}

const CODE = `
import { point, schema } from 'other'
export const used = 1
export const part = point.of({ config: schema.object({ size: schema.number() }), create: () => 1 })
const [first, second] = schema.pair(2)
export const table = new Map([[1, schema.sizes.small]])
export const list = [...table.keys()]
export const plain = { a: 1 }
`

it('lets a bundler drop what is not used, which it keeps otherwise', async () => {
  expect(await keptWith(CODE)).toEqual(expect.arrayContaining(['part', 'table', 'list']))
  expect(await keptWith(marked(CODE))).toEqual(['used'])
})

it('keeps what the code computes, its line numbers, and what awaits', async () => {
  const code = 'export const a = [1, 2].map((x) => x * 2), b = a.length\nexport const c = await Promise.resolve(a)\n'
  const result = marked(code)
  expect(result.split('\n').length).toBe(code.split('\n').length)
  expect(result).toContain('const c = await Promise')
  const { a, b, c } = await import(`data:text/javascript,${encodeURIComponent(result)}`)
  expect([a, b, c]).toEqual([[2, 4], 2, [2, 4]])
  expect(marked(result)).toBe(result)
})
