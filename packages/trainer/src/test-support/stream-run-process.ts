// usage: node stream-run-process.ts FOLDER STEPS [KILL_AT]
// Runs or resumes a run. With KILL_AT the process kills itself at that operation on the store, with a file half written.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { FolderStore } from '../run/folder-store.ts'
import { streamRun } from './stream-run.ts'

const [folder, steps, killAt] = process.argv.slice(2)
let operations = 0

class KillingStore extends FolderStore {
  override async write(path: string, bytes: Uint8Array): Promise<void> {
    if (++operations === Number(killAt)) {
      const target = join(this.folder, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(`${target}.tmp`, bytes.subarray(0, bytes.length / 2))
      process.kill(process.pid, 'SIGKILL')
    }
    await super.write(path, bytes)
  }

  override async append(path: string, content: string | Uint8Array): Promise<void> {
    if (++operations === Number(killAt)) {
      appendFileSync(join(this.folder, path), content.slice(0, content.length / 2))
      process.kill(process.pid, 'SIGKILL')
    }
    await super.append(path, content)
  }

  override async remove(path: string): Promise<void> {
    if (++operations === Number(killAt)) process.kill(process.pid, 'SIGKILL')
    await super.remove(path)
  }
}

tf.env().set('IS_TEST', true) // no banner
await tf.setBackend('cpu')
const store = killAt === undefined ? new FolderStore(folder!) : new KillingStore(folder!)
const { trainer } = streamRun(store, Number(steps), { onStep: () => process.stdout.write('.') })
await trainer.train()
