// tap-summary.mjs SUITE COUNTS: reads TAP of one suite from standard input, prints a line for each file and every
// failure in full, and adds {suite, passed, failed, files} to the file COUNTS (one JSON object a line).
// A skipped or to-do assertion counts as failed: a suite that passes has run everything.
import { appendFileSync } from 'node:fs'
import { Parser } from 'tap-parser'

const [, , suite, countsFile] = process.argv
const counts = { suite, passed: 0, failed: 0, files: 0 }
let currentFailures = []

/** Everything about a failure but what the reader cannot use. */
function describe(result) {
  const { source, stack, at, ...rest } = result.diag ?? {}
  const place = at?.fileName ? `${at.fileName}:${at.lineNumber}` : ''
  const details = { ...rest, ...(stack ? { stack } : {}), ...(source ? { source } : {}) }
  const text = Object.entries(details)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}`)
    .join('\n')
  return `${result.fullname} > ${result.name} ${place}\n${text}`.replaceAll('\n', '\n      ')
}

function fail(text) {
  counts.failed += 1
  currentFailures.push(text)
}

const parser = new Parser({ name: suite })
parser.on('pass', () => {
  counts.passed += 1
})
parser.on('fail', (result) => fail(describe(result)))
parser.on('skip', (result) => fail(`${result.fullname} > ${result.name}: skipped (${result.skip})`))
parser.on('todo', (result) => fail(`${result.fullname} > ${result.name}: to do (${result.todo})`))
parser.on('bailout', (reason) => fail(`bail out: ${reason}`))

// The root's own assertions are the files. What a file has to say about itself (it crashed, it timed out) comes as a
// result after its assertion, so its line is written when the next file begins.
let ended
function finishFile() {
  if (!ended) return
  counts.files += 1
  if (!ended.ok && currentFailures.length === 0) fail(describe(ended))
  const seconds = ended.time ? ` ${(ended.time / 1000).toFixed(1)} s` : ''
  console.log(`  ${currentFailures.length === 0 ? 'ok    ' : 'FAILED'} ${ended.name}${seconds}`)
  for (const text of currentFailures) console.log(`    - ${text}`)
  currentFailures = []
  ended = undefined
}

parser.on('child', finishFile)
parser.on('assert', (file) => {
  finishFile()
  ended = file
})
parser.on('complete', (results) => {
  finishFile()
  for (const text of currentFailures) console.log(`    - ${text}`)
  if ((!results.ok && counts.failed === 0) || counts.files === 0) {
    counts.failed += 1
    console.log(`    - ${suite}: the run as a whole failed: ${JSON.stringify(results.failures ?? results)}`)
  }
  appendFileSync(countsFile, `${JSON.stringify(counts)}\n`)
  process.exitCode = counts.failed > 0 ? 1 : 0
})
process.stdin.pipe(parser)
