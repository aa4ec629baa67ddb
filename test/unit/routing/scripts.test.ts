import { readFileSync } from 'node:fs'
import t from 'tap'
import { loadScript, loadScripts } from '../../../src/routing/scripts.js'

const files: Record<string, string> = {
  'do-it': '--- @include "two"\n--- @include "one"\n-- a comment\nreturn second(K.agent .. ARGV[1])\n',
  'include/one': 'local function first(x)\n  return x\nend\n',
  'include/two':
    '--- @include "one"\nlocal function second(x)\n  return first(x)\nend\nlocal function third(x)\n  return second(x)\nend\n',
  wrong: 'return K.nothing\n',
}
const read = (file: string): string => files[file]!

t.test('includes come once and first, keys get their names, what is not reached is left out', async (t) => {
  const { source, sha } = loadScript('do-it', read)
  t.equal(source.match(/function first/g)?.length, 1)
  t.ok(source.indexOf('function first') < source.indexOf('function second'))
  t.notMatch(source, /third|comment|@include|K\./)
  t.match(source, "return second(P..'agent:' .. ARGV[1])")
  t.match(sha, /^[0-9a-f]{40}$/)
  t.throws(() => loadScript('wrong', read), /unknown key K.nothing/)
})

t.test('every transition is there, short, and says what it takes and gives', async (t) => {
  const folder = new URL('../../../src/routing/lua/', import.meta.url)
  const names = [...loadScripts().keys()]
  t.ok(names.length >= 17)
  for (const name of names) {
    const text = readFileSync(new URL(`${name}.lua`, folder), 'utf8')
    t.match(name, /^[a-z]+-[a-z-]+$/, 'verb-noun')
    t.ok(text.split('\n').length < 100, `${name} is short`)
    for (const part of ['KEYS', 'ARGV', 'RESULT']) t.match(text, `-- ${part}`, `${name} names its ${part}`)
  }
})
