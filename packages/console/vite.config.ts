import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { preCompress } from './build/pre-compress.ts'
import { themeVariables } from './build/theme-variables.ts'

/** Where `npm run dev` finds the control API: the console's listener of a running `npm start`. */
const listener = 'http://127.0.0.1:8380'

/** Of two dozen pages. */
const MOST_PAGES_SHARE = 5

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  plugins: [react(), themeVariables(), preCompress()],
  // The test runner brings an older React of its own, which lies where packages of the workspace look first.
  resolve: { dedupe: ['react', 'react-dom'] },
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // Every browser that runs the console preloads modules; and inlined files would need more than 'self' in the policy.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every visit begins with is one file: sixty small ones cost ten round trips, and compress worse.
            { name: 'first', tags: ['$initial'] },
            // So is what most pages have in common, such as tables and fields; it comes with the first page that has it.
            { name: 'parts', minShareCount: MOST_PAGES_SHARE }
          ]
        }
      }
    },
    assetsInlineLimit: 0,
    // The first file is measured compressed, by the browser suite.
    chunkSizeWarningLimit: 1_000,
    reportCompressedSize: false
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/m', '/hc'].map((path) => [path, { target: listener, ws: true, headers: { origin: listener } }])
    )
  }
})
