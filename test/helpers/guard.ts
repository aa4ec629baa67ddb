import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Sees to it that `child` does not outlive this process, however this process ends (a test runner may SIGKILL it): a
 * small shell waits on a pipe that closes with us and then kills the child, by its id, and removes `directory`.
 *
 * @returns call it when the child has ended by itself
 */
export function guardProcess(child: ChildProcess, directory?: string): () => void {
  if (child.pid === undefined) return () => undefined
  const script = 'cat > /dev/null; kill -9 "$1" 2> /dev/null; [ -z "$2" ] || { sleep 0.2; rm -rf "$2"; }'
  const argv = ['-c', script, 'guard', String(child.pid), directory ?? '']
  const guard = spawn('sh', argv, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.unref()
  ;(guard.stdin as unknown as { unref(): void }).unref()
  return () => guard.kill('SIGKILL')
}
