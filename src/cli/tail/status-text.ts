import { spanOf } from './finding-parts.ts';

/** How the agent is, as far as it is known. What is undefined nobody could tell. */
export interface TailStatus {
  readonly eventsPerSecond?: number | undefined;
  readonly lagMs?: number | undefined;
  readonly masked?: number | undefined;
  readonly dropped?: number | undefined;
  readonly sinks?: readonly { readonly name: string; readonly state: string; readonly behind: number }[] | undefined;
  /** Growth of the events log, where the agent itself cannot be asked. */
  readonly logBytesPerSecond?: number | undefined;
  readonly problems: readonly string[];
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** The bottom line: rate, lag, masked values, dropped records, sinks. What nobody could tell is named as unknown. */
export function statusText(status: TailStatus): string {
  const { eventsPerSecond, lagMs, masked, dropped, sinks, logBytesPerSecond, problems } = status;
  const facts: readonly (readonly [name: string, text: string | undefined])[] = [
    ['events', eventsPerSecond === undefined ? undefined : `${rateText(eventsPerSecond)} ev/s`],
    ['lag', lagMs === undefined ? undefined : `lag ${lagMs < 60_000 ? `${(lagMs / 1000).toFixed(1)}s` : spanOf(lagMs)}`],
    ['masked', masked === undefined ? undefined : `masked ${grouped.format(masked)}`],
    ['dropped', dropped === undefined ? undefined : `dropped ${grouped.format(dropped)}`],
    ['sinks', sinks === undefined ? undefined : `sinks ${sinksText(sinks)}`],
  ];
  const known = facts.flatMap(([, text]) => text ?? []);
  if (logBytesPerSecond !== undefined) known.push(`log +${bytesText(logBytesPerSecond)}/s`);
  const unknown = facts.filter(([, text]) => text === undefined).map(([name]) => name);
  if (unknown.length > 0) known.push(`unknown: ${unknown.join(', ')}`);
  return [...problems.slice(0, 1), ...known].join(' | ');
}

const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(1) : grouped.format(rate));

function sinksText(sinks: NonNullable<TailStatus['sinks']>): string {
  if (sinks.length === 0) return 'none';
  return sinks
    .toSorted((a, b) => Number(isWell(a)) - Number(isWell(b)))
    .map(
      (sink) => `${sink.name} ${isWell(sink) ? 'ok' : sink.state}${sink.behind > 0 ? ` ${bytesText(sink.behind)} behind` : ''}`,
    )
    .join(', ');
}

const isWell = ({ state }: { readonly state: string }): boolean => state === 'delivering';

export function bytesText(bytes: number): string {
  const [size, unit] = (
    [
      [1024 ** 3, 'GB'],
      [1024 ** 2, 'MB'],
      [1024, 'KB'],
    ] as const
  ).find(([least]) => bytes >= least) ?? [1, 'B'];
  const value = bytes / size;
  return `${value < 10 && size > 1 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
