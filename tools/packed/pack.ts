import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { forEachOf, pnpm, root, runOrThrow } from './run.ts'

export interface Packed {
  readonly name: string
  readonly tarball: string
  /** Whether it is imported, and not only a command. */
  readonly isLibrary: boolean
}

/** Packs every package that is published, as it is built now. */
export async function packAll(folder: string): Promise<Packed[]> {
  const manifests = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root }).map((file) => ({
    folder: join(root, file, '..'),
    ...JSON.parse(readFileSync(join(root, file), 'utf8')),
  }))
  const published = manifests.filter((manifest) => manifest.private !== true)
  await forEachOf(published, 4, async (manifest) => {
    await runOrThrow(manifest.folder, [...pnpm, 'pack', '--pack-destination', folder])
  })
  return published.map(({ name, version, exports }) => ({
    name,
    isLibrary: exports !== undefined,
    tarball: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
  }))
}
