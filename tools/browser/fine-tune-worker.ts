/** A worker that fine-tunes twice with the model of the folder `/model`, and posts both results. */
import { useWasm } from '@heddle/kernels'
import { fineTune } from './fine-tune.ts'

const folder = {
  read: async (path: string) => {
    const response = await fetch(`/model/${path}`)
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
  },
}

try {
  const { threads } = await useWasm({ threads: 2, exact: true })
  postMessage('ready')
  postMessage({ threads, runs: [await fineTune(folder), await fineTune(folder)] })
} catch (error) {
  postMessage({ error: String((error as Error).stack ?? error) })
}
