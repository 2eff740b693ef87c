import type { DeclaredRoutes } from './patgate-yaml.ts'
import type { RunFile } from './run-file.ts'

const dashboards = '/api/groups/:group/dashboards'

/** What `npm start` prints when everything is ready: how to sign in, and commands that work as they stand. */
export function announcement(run: RunFile, routes: DeclaredRoutes, startedInMs: number): string {
  const { gateway_url: gateway, admin, demo } = run
  const lines = [
    '',
    `patgate is ready at ${gateway} (after ${(startedInMs / 1000).toFixed(1)} s). Ctrl-C stops everything.`,
    '',
    `  console        ${run.console_url}/console/`,
    `  administrator  ${admin.email}`,
    `  password       ${admin.password}`,
    `  demo token     ${demo.token}`,
    ''
  ]
  if (routes.paths.includes(dashboards)) {
    const path = dashboards.replace(':group', demo.group)
    const bearer = quote(`Authorization: Bearer ${demo.token}`)
    lines.push(
      '# allowed: the token may list dashboards',
      `curl -s -H ${bearer} ${gateway}${path}`,
      '',
      '# denied: it may not delete one, and the answer says what is missing',
      `curl -s -X DELETE -H ${bearer} ${gateway}${path}/sales`,
      ''
    )
  }
  if (routes.entityTypes.length > 0) lines.push(...channelCommands(run), ...mqttCommands(run))
  const credentials = quote(JSON.stringify({ email: admin.email, password: admin.password }))
  const session = `$(curl -s -H 'Content-Type: application/json' -d ${credentials} ${gateway}/v1/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`
  lines.push(
    '# the audit log: what was decided lately',
    `curl -s -H "Authorization: Bearer ${session}" '${gateway}/v1/audit/events?limit=5'`,
    ''
  )
  return lines.join('\n')
}

/** Publishing on a channel, and reading it again. The second one ends by itself: what it reads has no end. */
function channelCommands({ gateway_url: gateway, demo }: RunFile): string[] {
  const bearer = quote(`Authorization: Bearer ${demo.token}`)
  const channel = `${gateway}/m/${demo.group}/c/news`
  return [
    '# a channel: publish a message',
    `curl -s -H ${bearer} -H 'Content-Type: text/plain' -d 'hello' ${channel}`,
    '',
    '# subscribe: what was said there, and for five seconds what is said',
    `curl -sN --max-time 5 -H ${bearer} -H 'Accept: text/event-stream' '${channel}?from=all' || true`,
    ''
  ]
}

/** The same channel by MQTT, with the clients of Mosquitto (Debian: mosquitto-clients). What is kept is heard by who comes later. */
function mqttCommands({ mqtt_url: mqttUrl, demo }: RunFile): string[] {
  if (mqttUrl === undefined) return []
  const { hostname, port } = new URL(mqttUrl)
  const server = `-h ${hostname} -p ${port} -u any -P ${quote(demo.token)} -t m/${demo.group}/c/news`
  return [
    '# by MQTT, where mosquitto-clients are installed: publish, and subscribe to what was kept',
    `mosquitto_pub ${server} -m 'hello by MQTT' -q 1 -r`,
    `mosquitto_sub ${server} -C 1`,
    ''
  ]
}

/** One word for a shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
