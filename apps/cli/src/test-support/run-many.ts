import { runCli } from '../program.ts'

// Runs several command lines in one process, as starting one for each takes most of the time: argv holds their arguments as
// JSON, stdout gets what each wrote and returned.

const results: { code: number; stdout: string; stderr: string }[] = []
const write = process.stdout.write
for (const args of JSON.parse(process.argv[2]!) as string[][]) {
  const result = { code: 0, stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = ((text: string) => {
      result[name] += text
      return true
    }) as typeof process.stdout.write
  }
  result.code = await runCli(args)
  results.push(result)
}
process.stdout.write = write
process.stdout.write(JSON.stringify(results))
