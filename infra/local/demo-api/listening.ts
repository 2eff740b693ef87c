/** How the line begins that the demo API prints once it listens: the runner waits for it. */
export const DEMO_API_LISTENS = 'demo API at '
