export type { HubOptions } from './hub.ts'
export { type HubFolderOptions, hubFolder } from './hub-folder.ts'
export { type HubName, parseHubName } from './hub-name.ts'
