import type { SinkConfig } from '../config/schema.ts';
import { Secret } from '../core/secret.ts';

/** Options that say where a sink writes to, the most telling first. */
const addressOptions = ['path', 'url', 'urls', 'endpoint', 'brokers', 'address', 'host', 'server', 'webhookUrl', 'bucket'];

/** Where a sink writes to, for people: no credentials, no query of a URL, nothing secret. */
export function sinkAddress(sink: SinkConfig): string {
  const { host, port, ...others }: Readonly<Record<string, unknown>> = { ...sink };
  const options: Readonly<Record<string, unknown>> = {
    ...others,
    host: typeof host === 'string' && typeof port === 'number' ? `${host}:${port}` : host,
  };
  const parts = addressOptions.flatMap((name) => shown(options[name])).slice(0, 2);
  return parts.length === 0 ? '–' : parts.join(' ');
}

function shown(value: unknown): readonly string[] {
  if (value instanceof Secret) return ['(secret)'];
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.flatMap(shown).join(',')];
  if (typeof value !== 'string') return [];
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? URL.parse(value) : null;
  return [url ? `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}` : value];
}
