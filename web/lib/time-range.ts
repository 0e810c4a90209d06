const hourMs = 3_600_000;

/** Lengths of time that can be chosen with one click. */
export const ranges = { '15m': hourMs / 4, '1h': hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs } as const;

export function rangeMs(range: string | undefined): number | undefined {
  return (ranges as Readonly<Record<string, number>>)[range ?? ''];
}

type Params = Readonly<Record<string, string>>;

/** Begin and end that an address asks for: `since` and `until` as they are, or `range` before now. */
export function timesOf(params: Params, nowMs: number): { readonly since?: string; readonly until?: string } {
  const length = rangeMs(params['range']);
  const since = params['since'] ?? (length === undefined ? undefined : new Date(nowMs - length).toISOString());
  const until = params['until'];
  return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}
