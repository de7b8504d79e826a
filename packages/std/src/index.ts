export { stdPlugins } from './std-plugins.ts'
