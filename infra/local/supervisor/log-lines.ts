const levels = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal']
])
/** Said by the prefix already, or of no use to a reader. */
const hiddenFields = new Set(['level', 'time', 'msg', 'message', 'pid', 'hostname', 'name', 'service', 'v'])
const nameWidth = 13

/** Prints what several processes say into one stream: time, who, how grave, message, and the rest as `key=value`. */
export function logPrinter(name: string, print: (line: string) => void): (line: string) => void {
  return (line) => print(`${name.padEnd(nameWidth)} ${readableLine(line)}`)
}

/** A pino line as a person reads it; anything that is not one stays as it is. */
export function readableLine(line: string): string {
  const entry = parseEntry(line)
  if (entry === undefined) return line
  const time = typeof entry.time === 'number' ? new Date(entry.time).toISOString() : String(entry.time ?? '')
  const level = levels.get(Number(entry.level)) ?? String(entry.level ?? '')
  const message = String(entry.msg ?? entry.message ?? '')
  const fields = Object.entries(entry)
    .filter(([key]) => !hiddenFields.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [time.slice(11, 23), level.padEnd(5), message, ...fields].join(' ').trimEnd()
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined
  }
}
