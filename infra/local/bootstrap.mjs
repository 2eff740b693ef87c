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
const tapBuild = inCheckout('node_modules', '@tapjs', 'test', 'test-built')

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

/** Whether every package of package-lock.json is in node_modules in its version; npm keeps a list of what is there. */
function isInstalled() {
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

async function install() {
  const isFresh = !existsSync(inCheckout('node_modules'))
  say(isFresh ? 'Installing the npm dependencies (once, about a minute)' : 'Updating the npm dependencies')
  const isLocked = existsSync(inCheckout('package-lock.json'))
  const command = isFresh && isLocked ? 'ci' : 'install'
  const status = await runNpm([command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  if (status !== 0 || !isInstalled()) {
    fail(
      'The npm dependencies could not be installed; what npm printed above says why.',
      `Is the npm registry reachable? To try by hand: npm ${command}`
    )
  }
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
  try {
    return readFileSync(join(tapBuild, '.plugin-set'), 'utf8') === pluginSet()
  } catch {
    return false
  }
}

async function buildTap() {
  say('Preparing the test runner')
  const status = await run(inCheckout('node_modules', '.bin', 'node'), [
    inCheckout('node_modules', '.bin', 'tap'),
    'build'
  ])
  if (status !== 0) fail('The test runner could not be prepared.', 'To try by hand: npx tap build')
  mkdirSync(tapBuild, { recursive: true })
  writeFileSync(join(tapBuild, '.plugin-set'), pluginSet())
}

function pluginSet() {
  return createHash('sha256')
    .update(readFileSync(inCheckout('.taprc')))
    .digest('hex')
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
