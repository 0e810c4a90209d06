import { Fault } from '../../core/faults.ts';

/**
 * Runs an action with a signal that aborts when `signal` does or the time is up. Its listener is gone afterwards: a signal that lives as
 * long as the program must not gather them.
 * @throws Fault E_SINK_TIMEOUT or E_SINK_ABORTED in place of whatever the action threw because of it
 */
export async function withDeadline<T>(ms: number, signal: AbortSignal, action: (ended: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, ms);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await action(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw signal.aborted
      ? new Fault('stopped before there was an answer', { code: 'E_SINK_ABORTED', retryable: true })
      : new Fault('no whole answer in time', { code: 'E_SINK_TIMEOUT', retryable: true });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
