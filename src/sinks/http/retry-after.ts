/** Longest wait a server can ask for: it must not be able to silence a sink for good. */
const mostMs = 60 * 60 * 1000;

/**
 * The wait a `Retry-After` header asks for (RFC 9110 §10.2.3: seconds, or a date), in milliseconds, an hour at most.
 * Undefined where there is none or it cannot be read.
 */
export function retryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (!text) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(httpDate(text)) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), mostMs);
}

/** Only the one form that senders must use, as `Date.parse` takes nearly anything. */
function httpDate(text: string): string {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? text : '';
}
