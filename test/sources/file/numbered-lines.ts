import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery, Outcome } from '../../../src/core/delivery.ts';
import type { FileSource } from '../../../src/sources/file/file-source.ts';
import { eventsOf } from '../frames/framing.ts';

export const delivered: Outcome = { status: 'delivered' };

/** A line with a number of six digits. */
export const line = (n: number): string => `{"auditID":"${String(n).padStart(6, '0')}"}\n`;
export const lines = (from: number, to: number): string => numbers(from, to).map(line).join('');
export const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
export const count = (n: number) => (seen: readonly unknown[]) => seen.length >= n;

const idOf = (text: string): number | string =>
  text.startsWith('{"auditID":"') && text.endsWith('"}') ? Number(text.slice(12, -2)) : text;

/** Runs the source until `enough` says so (or it ends), settling every delivery; gives the ids seen. */
export async function collect(
  from: FileSource,
  enough: (seen: readonly (number | string)[]) => boolean,
  settle: (d: Delivery) => void = (d) => d.settle(delivered),
  during?: () => Promise<void>,
) {
  const seen: (number | string)[] = [];
  const abort = new AbortController();
  const timeout = setTimeout(() => abort.abort(), 15_000);
  await from.open();
  const running = during?.();
  for await (const delivery of from.deliveries(abort.signal)) {
    seen.push(...eventsOf([delivery.tile]).map((e) => idOf(e.text)));
    settle(delivery);
    if (enough(seen)) abort.abort();
  }
  clearTimeout(timeout);
  await running;
  await from.close();
  return seen;
}

/** Looks until it is so. */
export async function until(is: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !is(); await wait(5)) if (Date.now() > end) throw new Error('it did not come');
}
