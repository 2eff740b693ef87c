/**
 * Makes a checkout ready to run, with nothing but Node.js and npm: runs before `npm start`, `npm test` and
 * `npm run check`. Plain JavaScript without dependencies, because it is what installs the dependencies. When all
 * is in place it ends within a few milliseconds.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const oldestNode = 20
const pinnedNode = 24
const checkout = fileURLToPath(new URL('../../', import.meta.url))
const inCheckout = (...parts) => join(checkout, ...parts)
const lockPath = inCheckout('.patgate', 'tools', 'install.lock')
// Each stamp lies inside what it vouches for: who removes that removes the stamp.
const installStamp = inCheckout('node_modules', '.patgate-installed')
const tapStamp = inCheckout('node_modules', '@tapjs', 'test', 'test-built', '.patgate-plugins')

await main()

async function main() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    fail(
      `This is Node.js ${process.versions.node}; patgate needs ${oldestNode} or newer to begin with.`,
      'Install a current Node.js, for example the LTS release from nodejs.org, and try again.'
    )
  }
  if (isReady()) return
  await takeLock()
  try {
    if (!isInstalled()) await install()
    if (!isPinnedNodeUsable()) await installPinnedNode()
    if (!isTapBuilt()) await buildTap()
  } finally {
    rmSync(lockPath, { force: true })
  }
}

function isReady() {
  return isInstalled() && isPinnedNodeUsable() && isTapBuilt()
}

/** Whether node_modules holds what package-lock.json says: installed here before, or found so in npm's own list. */
function isInstalled() {
  return readText(installStamp) === hashOf('package-lock.json') || holdsEveryPackage()
}

/** Someone may have run npm by hand: then npm's list of what is there is compared with the lock file. */
function holdsEveryPackage() {
  const wanted = readPackages(inCheckout('package-lock.json'))
  const present = readPackages(inCheckout('node_modules', '.package-lock.json'))
  if (wanted === undefined || present === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.optional || entry.devOptional || entry.peer) return true
    return present[path] !== undefined && present[path].version === entry.version
  })
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * `npm install` and not `npm ci`, which refuses a lock file without the packages of every other platform; a registry
 * need not offer those. The versions are the lock file's all the same, and the file is left as it is.
 */
async function install() {
  const isFresh = !existsSync(inCheckout('node_modules'))
  say(isFresh ? 'Installing the npm dependencies (once, about a minute)' : 'Updating the npm dependencies')
  const status = await runNpm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  if (status !== 0) {
    fail(
      'The npm dependencies could not be installed; what npm printed above says why.',
      'Is the npm registry reachable? To try by hand: npm install'
    )
  }
  writeFileSync(installStamp, hashOf('package-lock.json'))
}

/** The npm package `node` fetches its binary in an install script, which npm may have been told not to run. */
function isPinnedNodeUsable() {
  const answer = spawnSync(inCheckout('node_modules', '.bin', 'node'), ['--version'], { encoding: 'utf8' })
  return answer.status === 0 && answer.stdout.startsWith(`v${pinnedNode}.`)
}

async function installPinnedNode() {
  say(`Fetching Node.js ${pinnedNode}, which runs patgate`)
  await runNpm(['rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts', '--loglevel=error'])
  if (!isPinnedNodeUsable()) {
    fail(
      `node_modules/.bin/node is not Node.js ${pinnedNode}: the install script of the npm package "node" did not run.`,
      'Allow it and run it: npm rebuild node --ignore-scripts=false'
    )
  }
}

/** tap compiles its set of plugins (.taprc); left to the first test run, that compilation races with the run. */
function isTapBuilt() {
  return readText(tapStamp) === hashOf('.taprc')
}

async function buildTap() {
  say('Preparing the test runner')
  const status = await run(inCheckout('node_modules', '.bin', 'node'), [
    inCheckout('node_modules', '.bin', 'tap'),
    'build'
  ])
  if (status !== 0) fail('The test runner could not be prepared.', 'To try by hand: npx tap build')
  writeFileSync(tapStamp, hashOf('.taprc'))
}

function hashOf(name) {
  const content = readFileSync(inCheckout(name))
  return createHash('sha256').update(content).digest('hex')
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Two starts must not install at once: the second waits for the first, unless that one has died. */
async function takeLock() {
  mkdirSync(inCheckout('.patgate', 'tools'), { recursive: true })
  let hasWaited = false
  for (;;) {
    try {
      writeFileSync(lockPath, `${process.pid}\n`, { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!isLockHeld()) {
      rmSync(lockPath, { force: true })
      continue
    }
    if (!hasWaited) say('Another start is installing; waiting for it')
    hasWaited = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function isLockHeld() {
  try {
    const owner = Number.parseInt(readFileSync(lockPath, 'utf8'), 10)
    // The owner writes its id right after creating the file: an empty file is held.
    if (Number.isNaN(owner)) return existsSync(lockPath)
    process.kill(owner, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function runNpm(args) {
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args)
}

/** Runs a program in the checkout, with a line now and then so that nobody takes it for dead. */
function run(command, args) {
  return new Promise((resolve) => {
    const startedAt = Date.now()
    const child = spawn(command, args, { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] })
    const progress = setInterval(() => say(`… ${Math.round((Date.now() - startedAt) / 1000)} s`), 10_000)
    const end = (status) => {
      clearInterval(progress)
      resolve(status)
    }
    child.once('error', (error) => {
      say(error.message)
      end(1)
    })
    child.once('exit', (status) => end(status ?? 1))
  })
}

function say(line) {
  process.stderr.write(`patgate: ${line}\n`)
}

function fail(...lines) {
  for (const line of lines) say(line)
  rmSync(lockPath, { force: true })
  process.exit(1)
}
