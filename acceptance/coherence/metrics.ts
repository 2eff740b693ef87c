/** The values of one metric as a process shows it at `/metrics`, by the text of its labels (empty without any). */
export async function readMetric(opsUrl: string, name: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text()
  const lines = text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))
  return new Map(Array.from(lines, ([, labels = '', value]) => [labels, Number(value)]))
}
