/** `major.minor.patch` of a program. */
export type Version = readonly [number, number, number]

/**
 * The oldest versions that will do, oldest line first. Fixes are made per line (2.11, 2.12), so a version is
 * compared with the floor of its own line; a line without a floor will do when it is newer than the last one.
 */
export type VersionFloors = readonly Version[]

export const redisFloors: VersionFloors = [[6, 2, 0]]
export const natsFloors: VersionFloors = [
  [2, 11, 15],
  [2, 12, 6]
]
export const postgresFloors: VersionFloors = [[15, 0, 0]]
export const browserFloors: VersionFloors = [[125, 0, 0]]

/** The first thing in the text that looks like a version; `15.4` counts as `15.4.0`. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text)
  if (match === null) return undefined
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
}

export function meetsFloor(version: Version, floors: VersionFloors): boolean {
  const ofSameLine = floors.find((floor) => floor[0] === version[0] && floor[1] === version[1])
  const floor = ofSameLine ?? floors.at(-1)
  return floor === undefined || compareVersions(version, floor) >= 0
}

export function formatVersion(version: Version): string {
  return version.join('.')
}

function compareVersions(left: Version, right: Version): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
}
