import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'

/** The Chromium of `HEDDLE_CHROMIUM`, or an installed one. */
export const installedChromium: string | undefined = [
  process.env['HEDDLE_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/**
 * Opens a page in headless Chromium and returns the JSON that it sends to `/report`. The page is cross-origin isolated, so it
 * may use shared memory and threads.
 *
 * @param chromium path of the program
 * @param page path of the page, such as `/page.html`
 * @param read content of each path that the page asks for; undefined for none
 * @throws Error when Chromium ends without a report
 */
export async function runInChromium(
  chromium: string,
  page: string,
  read: (path: string) => Promise<string | Uint8Array | undefined> | string | Uint8Array | undefined,
): Promise<unknown> {
  let answer: (report: unknown) => void
  const reported = new Promise<unknown>((resolve) => {
    answer = resolve
  })
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    // Shared memory is only for pages that no other site can look into.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    if (path === '/report') {
      let body = ''
      for await (const chunk of request) body += chunk
      response.end()
      answer(JSON.parse(body))
      return
    }
    const content = await read(path)
    response.writeHead(content === undefined ? 404 : 200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    })
    response.end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const profile = await mkdtemp(join(tmpdir(), 'heddle-chromium-'))
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`]
  const browser = spawn(chromium, [...flags, `http://127.0.0.1:${port}${page}`], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => {
    browser.on('exit', () => resolve())
    browser.on('error', () => resolve())
  })
  try {
    const report = await Promise.race([reported, ended])
    if (report === undefined)
      throw new Error(`run-in-chromium: expected a report from ${page}, got none before ${chromium} ended.`)
    return report
  } finally {
    browser.kill()
    await ended
    server.close()
    server.closeAllConnections()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
