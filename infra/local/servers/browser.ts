import { toolsDirectory } from '../home.ts'
import { type FindOptions, findServer, type ServerKind } from './find-server.ts'
import type { Program } from './program.ts'
import { browserFloors } from './version.ts'

/** The browser in which the console is tested. Debian's package without a window is enough, and needs few libraries. */
const browserKind: ServerKind = {
  title: 'Chromium',
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'chromium-headless-shell'],
  floors: browserFloors,
  debian: {
    name: 'chromium-headless-shell',
    program: 'usr/lib/chromium/chromium-headless-shell',
    suite: 'own'
  },
  homebrew: 'chromium',
  docker: null,
  advice:
    'Install Chromium or Chrome 125 or newer (Debian: apt install chromium; Fedora: dnf install chromium; macOS: brew install --cask chromium)'
}

export function findBrowser(options: Partial<FindOptions> = {}): Promise<Program> {
  return findServer(browserKind, { tools: toolsDirectory, report: () => undefined, ...options })
}
