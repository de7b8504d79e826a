#!/usr/bin/env node
import { runCli } from './program.ts'

// Whoever reads may stop early, as `head` does: then there is nobody left to tell. 141 is what a shell expects of that.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(141)
    throw error
  })
}

process.exitCode = await runCli(process.argv.slice(2))
