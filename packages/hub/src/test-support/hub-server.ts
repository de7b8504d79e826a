import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'
export const sha256 = (bytes: Uint8Array) => createHash('SHA-256').update(bytes).digest('hex')
export const gitSha1 = (bytes: Uint8Array) =>
  createHash('SHA-1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')

export interface SeenRequest {
  readonly host: 'hub' | 'store'
  readonly method: string
  readonly path: string
  readonly range: string | undefined
  readonly authorization: string | undefined
}

/** Answers a request in place of the server; false leaves it to the server. */
export type Disturbance = (request: SeenRequest, response: ServerResponse, body: Buffer) => boolean

/**
 * A hub and the store of its large files, two hosts as in reality: files ending in .safetensors are redirected to the store, with
 * size, checksum and commit on the redirect; all others come from the hub.
 */
export class HubServer {
  readonly requests: SeenRequest[] = []
  /** Addresses of the two. */
  endpoint = ''
  store = ''
  readonly #files: Map<string, Buffer>
  readonly #hub: Server
  readonly #store: Server
  disturb: Disturbance = () => false
  /** The token that the hub asks for. */
  token: string | undefined
  commit = COMMIT
  repo = 'acme/tiny'

  private constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    this.#files = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as Uint8Array)]))
    this.#hub = createServer((request, response) => this.#answer('hub', request, response))
    this.#store = createServer((request, response) => this.#answer('store', request, response))
  }

  static async start(files: Readonly<Record<string, string | Uint8Array>>): Promise<HubServer> {
    const server = new HubServer(files)
    server.endpoint = await listen(server.#hub, '127.0.0.1')
    server.store = await listen(server.#store, 'localhost')
    return server
  }

  set(path: string, content: string | Uint8Array): void {
    this.#files.set(path, Buffer.from(content as Uint8Array))
  }

  /** Requests that the server was sent, such as `GET hub config.json`. */
  get log(): string[] {
    return this.requests.map(({ method, host, path, range }) =>
      [method, host, path, ...(range === undefined ? [] : [range])].join(' '),
    )
  }

  async stop(): Promise<void> {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    }
  }

  #answer(host: 'hub' | 'store', { method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, repo, revision, path = ''] = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url) ?? []
    const file = decodeURIComponent(path)
    const request = { host, method, path: file, range: headers.range, authorization: headers.authorization }
    this.requests.push(request)
    const content = this.#files.get(file)
    if (this.disturb(request, response, content ?? Buffer.alloc(0))) return
    const fail = (status: number, code: string) => response.writeHead(status, { 'X-Error-Code': code }).end()
    if (host === 'hub') {
      if (this.token !== undefined && headers.authorization !== `Bearer ${this.token}`)
        return void fail(401, 'RepoNotFound')
      if (repo !== this.repo) return void fail(404, 'RepoNotFound')
      if (!['main', this.commit].includes(revision ?? '')) return void fail(404, 'RevisionNotFound')
      response.setHeader('X-Repo-Commit', this.commit)
    }
    if (content === undefined) return void fail(404, 'EntryNotFound')
    if (host === 'hub' && file.endsWith('.safetensors')) {
      response.writeHead(302, {
        Location: `${this.store}${url}`,
        'X-Linked-Size': content.byteLength,
        'X-Linked-Etag': `"${sha256(content)}"`,
      })
      return void response.end('Found')
    }
    if (host === 'hub') response.setHeader('ETag', `"${gitSha1(content)}"`)
    sendPart(request, response, content)
  }
}

const listen = (server: Server, host: string) =>
  new Promise<string>((resolve) => {
    server.listen(0, host, () => resolve(`http://${host}:${(server.address() as AddressInfo).port}`))
  })

/** Sends a file, or the part that is asked for. */
export function sendPart({ method, range }: SeenRequest, response: ServerResponse, content: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  if (from > 0 && from >= content.byteLength) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.byteLength}` }).end()
    return
  }
  const part = content.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': part.byteLength,
    ...(from > 0 && { 'Content-Range': `bytes ${from}-${content.byteLength - 1}/${content.byteLength}` }),
  })
  response.end(method === 'HEAD' ? undefined : part)
}

/** Sends the first bytes of what was asked for and cuts the connection. */
export function cutAfter(length: number, { range }: SeenRequest, response: ServerResponse, content: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': content.byteLength - from,
    ...(from > 0 && { 'Content-Range': `bytes ${from}-${content.byteLength - 1}/${content.byteLength}` }),
  })
  response.write(content.subarray(from, from + length), () => response.destroy())
}
