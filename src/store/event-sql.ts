import type { EventFilter, TopColumn } from '../core/event-store.ts';

/** A condition on heads of events, and the texts that stand for `$1`, `$2` … in it. */
export interface Condition {
  readonly sql: string;
  readonly texts: readonly string[];
}

/** `pods/exec` */
const wholeResource = "CASE WHEN coalesce(subresource, '') = '' THEN resource ELSE resource || '/' || subresource END";

/** What a filter asks of the head of an event, but for its text. Users' texts are never part of the SQL. */
export function conditionOf(filter: EventFilter): Condition {
  const { range, user, users, verb, resource, namespace, name, sourceIp, code, humans } = filter;
  const texts: string[] = [];
  const terms = [`event_time >= ${timeOf(range.sinceMs)}`, `event_time < ${timeOf(range.untilMs)}`];
  const text = (sql: string, value: string | undefined): void => {
    if (value === undefined) return;
    texts.push(value);
    terms.push(sql.replace('?', `$${texts.length}::VARCHAR`));
  };
  text(user === '' ? "coalesce(username, '') = ?" : 'username = ?', user);
  if (users !== undefined) {
    const places = users.map((one) => `$${texts.push(one)}::VARCHAR`);
    terms.push(places.length === 0 ? 'false' : `username IN (${places.join(', ')})`);
  }
  text(verb === '' ? "coalesce(verb, '') = ?" : 'verb = ?', verb);
  if (resource !== undefined) {
    const [kind = '', ...rest] = resource.split('/');
    text("coalesce(resource, '') = ?", kind);
    text("coalesce(subresource, '') = ?", rest.join('/'));
  }
  text("coalesce(namespace, '') = ?", namespace);
  text("coalesce(name, '') = ?", name);
  text('list_contains(source_ips, ?)', sourceIp);
  if (code !== undefined) terms.push(`code = ${Math.trunc(code)}`);
  if (humans === true) terms.push("(username IS NULL OR NOT starts_with(username, 'system:') OR username = 'system:anonymous')");
  return { sql: terms.join(' AND '), texts };
}

/** The earliest and latest moments that DuckDB and JavaScript both know are far enough. */
const timeOf = (ms: number): string =>
  `make_timestamp(${Math.round(Math.max(-1e15, Math.min(ms, 8e15)) * 1000).toFixed(0)}::BIGINT)`;

/** A column of a `top` question as SQL: a text. */
export const topColumnSql: Readonly<Record<TopColumn, string>> = {
  user: 'username',
  verb: 'verb',
  resource: wholeResource,
  namespace: 'namespace',
  sourceIp: 'source_ip',
  userAgent: 'user_agent',
  code: 'code::VARCHAR',
};
