// Builds dist/: the TypeScript of all rooms with the same tree, the files beside it that programs read (Lua scripts,
// fixtures), and the pages (web/) into dist/web. Does nothing when nothing changed. `--force` builds in any case.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const rooms = ['src', 'client', 'test', 'bench', 'scripts'].filter((room) => existsSync(join(root, room)))
const settings = ['package.json', 'package-lock.json', 'tsconfig.json']
const assets = /\.(lua|sql|json|ya?ml|xml|csv|txt|html)$/

function filesBelow(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(^|\/)(node_modules|dist)(\/|$)/.test(relative(root, entry.parentPath)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Fingerprint of the files' contents: dates do not survive a checkout. */
function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

function run(script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: 'inherit',
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${script} ${signal ? `ended by ${signal}` : `failed with code ${code}`}`))
    })
  })
}

/** Tests are found by looking into dist, so what has lost its source must go. */
function removeOrphans() {
  for (const room of rooms) {
    if (!existsSync(join(dist, room))) continue
    for (const file of filesBelow(join(dist, room))) {
      const source = join(root, relative(dist, file))
      const sources = [source, source.replace(/\.(d\.ts|js\.map|js)$/, '.ts'), source.replace(/\.js(\.map)?$/, '.tsx')]
      if (!sources.some(existsSync)) rmSync(file)
    }
  }
}

function isCompiled(file) {
  return (
    !/\.ts$/.test(file) || /\.d\.ts$/.test(file) || existsSync(join(dist, relative(root, file).replace(/\.ts$/, '.js')))
  )
}

function copyAssets(files) {
  for (const file of files) {
    const target = join(dist, relative(root, file))
    if (existsSync(target) && statSync(target).mtimeMs >= statSync(file).mtimeMs) continue
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(file, target)
  }
}

/** Runs `work` unless the stamp says that these very files were built already; a failed build leaves no stamp. */
async function whenChanged(name, files, isComplete, work) {
  const stamp = join(dist, `.built-${name}`)
  const now = fingerprint(files)
  const built = existsSync(stamp) && isComplete() ? readFileSync(stamp, 'utf8') : ''
  if (built === now && !process.argv.includes('--force')) {
    console.log(`${name}: nothing changed`)
    return
  }
  rmSync(stamp, { force: true })
  await work()
  writeFileSync(stamp, now)
  console.log(`${name}: built`)
}

mkdirSync(dist, { recursive: true })
const all = rooms.flatMap((room) => filesBelow(join(root, room)))
const isServerComplete = () => all.every(isCompiled)
const shared = settings.map((name) => join(root, name))

const jobs = [
  whenChanged(
    'server',
    [...all.filter((file) => /\.ts$|\.json$/.test(file)), ...shared],
    isServerComplete,
    async () => {
      removeOrphans()
      // The compiler trusts its notes, so they must go when output that they speak of was deleted.
      if (!isServerComplete()) rmSync(join(dist, '.tsbuildinfo'), { force: true })
      await run('typescript/bin/tsc', '-p', 'tsconfig.json')
    },
  ),
]
if (existsSync(join(root, 'web/vite.config.ts'))) {
  const web = [...filesBelow(join(root, 'web')), ...filesBelow(join(root, 'client')), ...shared]
  const page = join(dist, 'web/index.html')
  jobs.push(
    whenChanged(
      'web',
      web,
      () => existsSync(page),
      () => run('vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'),
    ),
  )
}
const results = await Promise.allSettled(jobs)
copyAssets(all.filter((file) => assets.test(file)))
for (const result of results) {
  if (result.status === 'rejected') {
    console.error(`build: ${result.reason.message}`)
    process.exitCode = 1
  }
}
