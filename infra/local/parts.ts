/** Something that was started and has to be stopped. */
export interface Part {
  stop(): Promise<void>
  kill(): void
}

/** Everything a run has started, in order, so that it can be stopped in reverse, also half-way through the start. */
export interface Parts {
  /** Parts added together are stopped together. What is added while stopping is ended at once. */
  add<P extends Part>(...together: P[]): void
  stop(): Promise<void>
  kill(): void
  readonly isStopping: boolean
}

export function createParts(): Parts {
  const groups: Part[][] = []
  let stopping: Promise<void> | undefined

  async function stopInReverse(): Promise<void> {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      await Promise.allSettled(group.map((part) => part.stop()))
    }
  }

  function kill(): void {
    for (const part of groups.flat().toReversed()) part.kill()
  }

  return {
    add(...together) {
      groups.push(together)
      if (stopping !== undefined) kill()
    },
    stop() {
      stopping ??= stopInReverse()
      return stopping
    },
    kill,
    get isStopping() {
      return stopping !== undefined
    }
  }
}
