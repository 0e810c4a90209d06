import { setTimeout as sleep } from 'node:timers/promises';
import { isOutOfDescriptors } from '../../core/out-of-descriptors.ts';

const waitMs = 200;

/**
 * Opens something, and where there is no file descriptor left tries again until there is: what cannot be opened for that is
 * neither gone nor refused.
 */
export async function withDescriptor<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isOutOfDescriptors(error)) throw error;
      await sleep(waitMs);
    }
  }
}
