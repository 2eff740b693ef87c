import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The image that has a server's program, and a shell beside it. */
export interface DockerImage {
  image: string
  program: string
}

/**
 * What stands for the program: runs it in a container, with the working directory at the same path and the host's own
 * network. Docker passes SIGTERM on, but a client that is killed leaves its container behind; so the container's input is
 * held open by this shell alone, and when it closes, however the shell ended, the server inside is asked to stop.
 */
const WRAPPER = ({ image, program }: DockerImage): string => `#!/bin/sh
input=$(mktemp -u)
mkfifo "$input"
docker run --rm --interactive --network host --user "$(id -u):$(id -g)" --volume "$PWD:$PWD" --workdir "$PWD" \\
  --entrypoint sh ${image} -c 'exec 3<&0; (cat <&3 >/dev/null; kill -TERM $$ 2>/dev/null) & exec "$@" 3<&-' sh ${program} "$@" <"$input" &
client=$!
trap 'kill -TERM $client' TERM INT
exec 3>"$input"
rm "$input"
wait $client
status=$?
# A signal ends the first waiting; this one is for the server that has been asked to stop.
[ $status -gt 128 ] && wait $client && status=0
exit $status
`

/**
 * Where Docker's engine answers: fetches the image and writes a program that runs it, below the tools folder. Docker
 * Desktop has to have its host networking switched on.
 */
export async function wrapDockerImage(
  docker: DockerImage,
  options: { tools: string; report: (line: string) => void }
): Promise<string> {
  const isAnswering = await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 }).then(
    () => true,
    () => false
  )
  if (!isAnswering) throw new Error("Docker's engine does not answer")
  const isPresent = await run('docker', ['image', 'inspect', docker.image]).then(
    () => true,
    () => false
  )
  if (!isPresent) {
    options.report(`fetching the Docker image ${docker.image}`)
    await run('docker', ['pull', '--quiet', docker.image], { maxBuffer: 16 * 1024 * 1024 })
  }
  const folder = join(options.tools, 'docker')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, docker.program)
  writeFileSync(path, WRAPPER(docker))
  chmodSync(path, 0o755)
  return path
}
