import { withDeadline } from '../http/with-deadline.ts';

/**
 * The result of something that cannot be interrupted itself; given up after so long, or once the signal aborts. It may go on unseen.
 * @throws Fault E_SINK_TIMEOUT or E_SINK_ABORTED, or what it failed with
 */
export function withinTime<T>(action: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  return withDeadline(timeoutMs, signal, (ended) =>
    Promise.race([
      action,
      new Promise<never>((_resolve, reject) => {
        const stop = (): void => reject(new Error('given up'));
        if (ended.aborted) stop();
        else ended.addEventListener('abort', stop, { once: true });
      }),
    ]),
  );
}
