const MOST_ATTEMPTS = 5

/**
 * Does a transaction again that PostgreSQL broke off to free another which waited for it in turn: nothing of it has
 * happened. Locks are taken in one order wherever we take them ourselves (owners, then tokens in id order, then the
 * head of the log); those that foreign keys take come in their own.
 */
export async function retryDeadlocks<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction()
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isDeadlock(error)) throw error
    }
  }
}

/** PostgreSQL's `deadlock_detected`. */
function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01'
}
