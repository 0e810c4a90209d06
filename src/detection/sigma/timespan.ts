const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `5m` as microseconds: a number and `s`, `m`, `h` or `d` (Sigma correlation rules specification 2.1, "Time Selection"). */
export function parseTimespan(text: string): number | undefined {
  const match = /^(\d+)([smhd])$/.exec(text.trim());
  const seconds = match ? Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 0) : 0;
  return seconds > 0 ? seconds * 1e6 : undefined;
}
