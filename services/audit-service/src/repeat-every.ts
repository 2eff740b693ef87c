export interface Repetition {
  stop(): Promise<void>
}

/** Does a task again and again, `pauseMs` after the last time ended, whether or not it succeeded. */
export function repeatEvery(pauseMs: number, task: () => Promise<void>, onError: (error: unknown) => void): Repetition {
  let running = Promise.resolve()
  let timer = setTimeout(run, pauseMs)
  let isStopped = false

  function run(): void {
    running = task()
      .catch(onError)
      .then(() => {
        if (!isStopped) timer = setTimeout(run, pauseMs)
      })
  }

  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      return running
    }
  }
}
