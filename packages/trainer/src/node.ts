export { FolderStore } from './run/folder-store.ts'
