/** The part of a tap test that this package needs: whatever is opened for a test is closed at its end, last one first. */
export interface Teardown {
  teardown(close: () => unknown): void
}
