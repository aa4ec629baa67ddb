import { readCentreFile } from './centre-file.js'
import { CliError, type Io } from './io.js'

/** `cti120 check FILE` */
export async function checkCommand(args: readonly string[], io: Io): Promise<number> {
  const [path, ...more] = args
  if (path === undefined || more.length > 0) throw new CliError('usage: cti120 check FILE')
  const file = await readCentreFile(path, io)
  const phones = file.agents.filter((agent) => agent.device !== undefined).length
  io.out(
    `${path} is valid: ${file.numbers.length} numbers, ${file.queues.length} queues, ${phones} agents with a phone\n`,
  )
  return 0
}
