import { notifications } from '@mantine/notifications'

/** A passing word that something was done; never the only place where something important is said. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'green.8', withCloseButton: true })
}
