import { readFileSync } from 'node:fs'

/**
 * Looks at files now and then and tells when what they hold has changed. By content: container secrets are links that are put in
 * place of each other, which a watch for events misses.
 * @param onChange all files' texts, in the order of the paths; a file that cannot be read just then counts as unchanged
 * @returns ends it
 */
export function watchFiles(
  paths: readonly string[],
  onChange: (texts: readonly string[]) => void,
  everyMs = 2_000,
): { readonly look: () => void; readonly stop: () => void } {
  let last = read(paths)
  const look = (): void => {
    const now = read(paths)
    if (now === undefined || now.every((text, i) => text === last?.[i])) return
    last = now
    onChange(now)
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return { look, stop: () => clearInterval(timer) }
}

function read(paths: readonly string[]): string[] | undefined {
  try {
    return paths.map((path) => readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
