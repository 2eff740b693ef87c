import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

// OWASP's password storage cheat sheet: argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const SALT_BYTES = 16
const TAG_BYTES = 32

// The hash of a password nobody knows: verifying against it takes as long as against any other.
const NOBODYS_HASH = '$argon2id$v=19$m=19456,t=2,p=1$cGF0Z2F0ZS1kZWNveS0wMQ$3Jm0hLr0X1v3nqv2yB9m1kqv9zN5m3pQ2sT7uV8wXyY'

/** The password as a PHC string: the algorithm and its parameters travel with the hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await derive('argon2id', {
    message: password,
    nonce: salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    parallelism: PARALLELISM,
    tagLength: TAG_BYTES
  })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Whether the password is the one; takes the same time when there is no hash to compare with (null). */
export async function isPassword(password: string, phc: string | null): Promise<boolean> {
  const { tag, ...parameters } = parsePhc(phc ?? NOBODYS_HASH)
  const derived = await derive('argon2id', { ...parameters, message: password, tagLength: tag.length })
  return timingSafeEqual(derived, tag) && phc !== null
}

function parsePhc(phc: string): Omit<Argon2Parameters, 'message' | 'tagLength'> & { tag: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(phc)
  if (match === null) throw new Error('a stored password hash is not an argon2id PHC string')
  const [, memory, passes, parallelism, salt = '', tag = ''] = match
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64')
  }
}

/** PHC strings carry base64 without padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
