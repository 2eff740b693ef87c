import asyncHooks from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'

/*
 * Loaded into every test process before tap. tap follows each promise with async hooks, to say which test an exception
 * that nobody caught belongs to; everything with many promises takes two to five times as long with it, and our services
 * run in these processes. Such an exception still ends the process, and the file has failed, with its stack
 * (docs/decisions/0028-tests-without-async-hooks.md).
 */
const followsNothing = { enable: () => followsNothing, disable: () => followsNothing }
asyncHooks.createHook = () => followsNothing
syncBuiltinESMExports()
