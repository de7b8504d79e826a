// usage: node lock-process.ts FOLDER
// Claims a run and keeps it until the process is killed.
import { FolderStore } from '../run/folder-store.ts'

await new FolderStore(process.argv[2]!).lock()
process.stdout.write('locked')
setInterval(() => {}, 1000)
