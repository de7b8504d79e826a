export type { DownloadProgress } from './cache/download-pretrained.ts'
export { type PretrainedFolder, type PretrainedFolderOptions, pretrainedFolder } from './cache/pretrained-folder.ts'
