import { fileURLToPath } from 'node:url'

/** The module of the command, for processes that run a part of it: beside this one, as source and built. */
export const MAIN_MODULE = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url),
)
