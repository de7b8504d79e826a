import type { Packed } from './pack.ts'
import { bin, forEachOf, root, run } from './run.ts'

/** Checks tarballs with publint and attw: exports, formats, and that types are found as the code is. @returns what is wrong */
export async function lintAll(packages: readonly Packed[]): Promise<string[]> {
  const problems: string[] = []
  await forEachOf(packages, 2, async ({ name, tarball, isLibrary }) => {
    const publint = [bin('publint'), tarball, '--strict']
    const attw = [bin('attw'), tarball, '--profile', 'esm-only', '--format', 'ascii']
    for (const command of isLibrary ? [publint, attw] : [publint]) {
      const { code, output } = await run(root, command)
      if (code !== 0) problems.push(`${name}:\n${output}`)
    }
  })
  return problems
}
