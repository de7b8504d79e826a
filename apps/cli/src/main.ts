#!/usr/bin/env node
import module from 'node:module'

// Whoever reads may stop early, as `head` does: then there is nobody left to tell. 141 is what a shell expects of that.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(141)
    throw error
  })
}

// Compiled code is kept for the next start, which then takes a third less processor time. Older versions of Node cannot.
module.enableCompileCache?.()
const { runCli } = await import('./program.ts')
process.exitCode = await runCli(process.argv.slice(2))
