import { HeddleError } from '@heddle/core'
import { Redis } from 'ioredis'

/** Name of the queue of all searches on a server. */
export const QUEUE = 'heddle-search'

const FIRST_TRY_MS = 5000

/**
 * Connects to a Redis server. Once connected, a server that goes away is waited for.
 *
 * @throws HeddleError `usage` for an address of another form, `network` when the server cannot be reached
 */
export async function connect(address: string): Promise<Redis> {
  if (!/^rediss?:\/\//.test(address)) {
    throw new HeddleError('usage', `--queue: expected an address such as redis://localhost:6379, got '${address}'.`)
  }
  const client = new Redis(address, { maxRetriesPerRequest: null, lazyConnect: true, retryStrategy: waitBetweenTries })
  let reason = 'no answer'
  // Without a listener, an error would end the process; commands wait until the server is back.
  client.on('error', (error: Error) => {
    reason = error.message
  })
  const timer = setTimeout(() => client.disconnect(), FIRST_TRY_MS)
  try {
    await client.connect()
    await client.ping()
    return client
  } catch (cause) {
    client.disconnect()
    throw new HeddleError(
      'network',
      `--queue: expected a Redis server at ${address}, got ${reason}. Start it, or check the address.`,
      {
        cause,
      },
    )
  } finally {
    clearTimeout(timer)
  }
}

const waitBetweenTries = (tries: number) => Math.min(2000, 100 * tries)
