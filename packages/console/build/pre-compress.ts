import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = '**/*.{js,css,html,svg}'

/** Writes `x.br` and `x.gz` beside every text of the build, once, so that the gateway never compresses anything. */
export function preCompress(): Plugin {
  let directory = ''
  return {
    name: 'patgate:pre-compress',
    apply: 'build',
    configResolved(config) {
      directory = resolve(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const name of globSync(COMPRESSIBLE, { cwd: directory })) {
        const path = join(directory, name)
        const content = readFileSync(path)
        const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: size }))
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
      }
    }
  }
}
