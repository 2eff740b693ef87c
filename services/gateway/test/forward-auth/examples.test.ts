import { readdirSync, readFileSync } from 'node:fs'
import { IDENTITY_HEADERS, SESSION_HEADER } from '@patgate/contracts'
import { test } from 'tap'

const EXAMPLES = new URL('../../../../infra/examples/', import.meta.url)
/** Those where Envoy takes out what patgate names, instead of a list of its own. */
const LISTLESS: ReadonlySet<string> = new Set(['envoy', 'envoy-grpc'])

function textOf(folder: string): string {
  const files = readdirSync(new URL(`${folder}/`, EXAMPLES)).filter((name) => name !== 'README.md')
  return files
    .map((name) => readFileSync(new URL(`${folder}/${name}`, EXAMPLES), 'utf8'))
    .join('\n')
    .toLowerCase()
}

for (const folder of ['nginx', 'caddy', 'haproxy', 'traefik', 'apisix', 'envoy', 'envoy-grpc']) {
  test(`the example for ${folder} asks patgate, and lists every header that matters`, async (t) => {
    const text = textOf(folder)
    t.match(text, folder === 'envoy-grpc' ? /port_value: 8280/ : /8180/)
    if (LISTLESS.has(folder)) return
    for (const name of [...Object.values(IDENTITY_HEADERS), 'patgate-assertion']) t.match(text, name)
    for (const name of ['authorization', 'xc-token', 'x-api-key', SESSION_HEADER]) t.match(text, name)
  })
}
