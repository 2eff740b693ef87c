import asyncHooks from 'node:async_hooks'
import { registerHooks, syncBuiltinESMExports } from 'node:module'

/*
 * Comes before everything that tap loads into a test process, and takes from it what tests pay for and do not use
 * (docs/decisions/0028-tests-without-hooks.md). It is inherited through NODE_OPTIONS, tap itself included.
 */
if (process.env.TAP_CHILD_ID !== undefined) {
  followNoPromise()
  followNoModule()
  leaveChildrenAlone()
}

/** With async hooks tap knows which test an exception belongs to that nobody caught. Such a one fails the file all the same. */
function followNoPromise() {
  const followsNothing = { enable: () => followsNothing, disable: () => followsNothing }
  asyncHooks.createHook = () => followsNothing
  syncBuiltinESMExports()
}

/** For coverage, and for `--changed`, tap notes each module of this process and of all its children, and reads its source map. */
function followNoModule() {
  process.setSourceMapsEnabled(false)
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const isNoted = /\/@tapjs\/(?:processinfo|mock)\/dist\/esm\/import\.mjs$/.test(specifier)
      return isNoted ? { url: 'data:text/javascript,', shortCircuit: true } : nextResolve(specifier, context)
    }
  })
}

/** What a test starts is started as users start it. */
function leaveChildrenAlone() {
  const { NODE_OPTIONS: options = '' } = process.env
  const others = options
    .replaceAll(/"?--import=[^" ]+\/(?:test-preload|@tapjs\/processinfo\/dist\/esm\/import)\.mjs"?/g, '')
    .trim()
  if (others === '') delete process.env.NODE_OPTIONS
  else process.env.NODE_OPTIONS = others
}
