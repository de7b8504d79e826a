/** Packages that the `npm install` lines of a document name. */
export function installedIn(text: string): Set<string> {
  const lines = [...text.matchAll(/^npm install (.+)$/gm)].map((match) => match[1]!)
  return new Set(lines.flatMap((line) => line.replace(/#.*$/, '').split(/\s+/)).filter((word) => /^[@a-z]/.test(word)))
}

/** Packages that a program imports, without Node's own. */
export function importsOf(code: string): string[] {
  const specifiers = [...code.matchAll(/^import [^'"]*['"]([^'"]+)['"]|^} from ['"]([^'"]+)['"]/gm)].map(
    (match) => match[1] ?? match[2]!,
  )
  return specifiers
    .filter((specifier) => !specifier.startsWith('node:') && !specifier.startsWith('.'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    )
}
