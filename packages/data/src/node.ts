export {
  readBytes,
  readConllu,
  readCsv,
  readIdx,
  readJsonl,
  readLines,
  readText,
  readTsv,
  readWav,
} from './read-files.ts'
