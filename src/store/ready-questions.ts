import { quoted } from './sql-text.ts';

/** What a ready question is asked about. */
export interface QuestionScope {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** How the user may stand in masked events. */
  readonly users?: readonly string[];
  readonly namespace?: string;
  readonly limit: number;
}

export interface ReadyQuestion {
  readonly name: string;
  readonly about: string;
  /** It makes no sense without a user. */
  readonly needsUser?: true;
  readonly sql: (scope: QuestionScope) => string;
}

const time = (ms: number): string => `make_timestamp(${Math.round(ms * 1000).toFixed(0)}::BIGINT)`;

/** The time, the user and the namespace asked for. */
function where({ sinceMs, untilMs, users, namespace }: QuestionScope, column = 'event_time'): string {
  return [
    `${column} >= ${time(sinceMs)}`,
    `${column} < ${time(untilMs)}`,
    ...(users === undefined ? [] : [`username IN (${users.map(quoted).join(', ')})`]),
    ...(namespace === undefined ? [] : [`namespace = ${quoted(namespace)}`]),
  ].join(' AND ');
}

const object = "concat_ws('/', resource, nullif(subresource, ''))";
const writes = "verb IN ('create', 'update', 'patch', 'delete', 'deletecollection')";
const done = "stage IS DISTINCT FROM 'RequestReceived'";
const people = "(NOT starts_with(username, 'system:') OR username = 'system:anonymous')";
/** The first few different values. Different ones only are collected: what grows with events would not fit into memory. */
const some = (text: string, most = 5): string =>
  `array_to_string(list_slice(list_sort(array_agg(DISTINCT ${text}) FILTER (${text} <> '')), 1, ${most}), ', ')`;

/** Events one by one, the newest first. */
const listing =
  (condition: string, columns = `username, verb, ${object} AS object, namespace, name, code, source_ip, intent`) =>
  (scope: QuestionScope): string =>
    `SELECT event_time, ${columns} FROM events WHERE ${where(scope)} AND ${done} AND ${condition} ORDER BY event_time DESC LIMIT ${scope.limit}`;

/** Events counted by some columns, the most first. */
const counting =
  (condition: string, columns: string, more = '') =>
  (scope: QuestionScope): string =>
    `SELECT ${columns}, count(*) AS events${more}, max(event_time) AS last FROM events WHERE ${where(scope)} AND ${done} AND ${condition} GROUP BY ALL ORDER BY events DESC, last DESC LIMIT ${scope.limit}`;

const rbac = "resource IN ('roles', 'clusterroles', 'rolebindings', 'clusterrolebindings')";
const sessions =
  "((resource = 'pods' AND subresource IN ('exec', 'attach', 'portforward', 'ephemeralcontainers')) OR subresource = 'proxy')";
const admission =
  "resource IN ('mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings')";
const whoAndWhere = `username, ${some('source_ip')} AS addresses`;

/** Questions that security and compliance people ask again and again. */
export const readyQuestions: readonly ReadyQuestion[] = [
  {
    name: 'who-read-secrets',
    about: 'who read Secrets, which, from where',
    sql: counting(
      "resource = 'secrets' AND verb IN ('get', 'list', 'watch')",
      `username, verb, namespace, ${some('name', 8)} AS names, ${some('source_ip')} AS addresses`,
      ', count(*) FILTER (code = 403) AS denied',
    ),
  },
  {
    name: 'secret-changes',
    about: 'Secrets that were made, changed or deleted',
    sql: listing(`resource = 'secrets' AND ${writes}`),
  },
  {
    name: 'sessions-in-pods',
    about: 'exec, attach, port-forward, debug containers and proxies',
    sql: listing(sessions),
  },
  {
    name: 'denied-by-actor',
    about: 'requests that were denied (403), by who made them',
    sql: counting(
      'code = 403',
      `username, ${some(object)} AS objects, ${some('verb')} AS verbs, ${some('source_ip')} AS addresses`,
    ),
  },
  {
    name: 'failed-logins',
    about: 'requests without valid credentials (401), by address and client',
    sql: counting('code = 401', 'source_ip, user_agent'),
  },
  {
    name: 'anonymous-access',
    about: 'what was done without credentials',
    sql: counting("username = 'system:anonymous'", `verb, request_uri, code, ${some('source_ip')} AS addresses`),
  },
  {
    name: 'new-actors',
    about: 'users whose first event in the log lies in the time asked for',
    sql: (scope) =>
      `SELECT username, min(event_time) AS first, count(*) AS events, ${some('source_ip')} AS addresses, ${some('user_agent')} AS clients FROM events WHERE username <> '' GROUP BY username HAVING first >= ${time(scope.sinceMs)} AND first < ${time(scope.untilMs)} ORDER BY first DESC LIMIT ${scope.limit}`,
  },
  {
    name: 'deletions',
    about: 'what people deleted',
    sql: listing(`verb IN ('delete', 'deletecollection') AND ${people}`),
  },
  {
    name: 'rbac-changes',
    about: 'roles and bindings that were made, changed or deleted',
    sql: listing(`${rbac} AND ${writes}`),
  },
  {
    name: 'tokens-made',
    about: 'tokens of service accounts that were asked for',
    sql: counting(
      "resource = 'serviceaccounts' AND subresource = 'token' AND verb = 'create'",
      `username, namespace, name AS service_account, ${some('source_ip')} AS addresses`,
    ),
  },
  {
    name: 'admission-changes',
    about: 'admission webhooks and policies that were made, changed or deleted',
    sql: listing(`${admission} AND ${writes}`),
  },
  {
    name: 'certificates',
    about: 'certificate signing requests: made, approved, denied',
    sql: listing(`resource = 'certificatesigningrequests' AND ${writes}`),
  },
  {
    name: 'impersonation',
    about: 'who acted as somebody else',
    sql: counting("impersonated_user <> ''", `username, impersonated_user, ${some(object)} AS objects`),
  },
  {
    name: 'writes-by-people',
    about: 'what people changed, by user and kind of object',
    sql: counting(`${writes} AND ${people} AND coalesce(code, 0) < 400`, `${whoAndWhere}, verb, ${object} AS object, namespace`),
  },
  {
    name: 'addresses',
    about: 'from which addresses and with which clients a user came',
    needsUser: true,
    sql: counting('true', 'username, source_ip, user_agent', ', count(*) FILTER (code IN (401, 403)) AS denied'),
  },
  {
    name: 'what-a-user-did',
    about: 'every request of one user',
    needsUser: true,
    sql: listing('true'),
  },
  {
    name: 'busiest-actors',
    about: 'who makes most requests',
    sql: counting(
      "username <> ''",
      'username',
      ", count(*) FILTER (verb IN ('get', 'list', 'watch')) AS reads, count(*) FILTER (code >= 400) AS errors, count(DISTINCT source_ip) AS addresses",
    ),
  },
  {
    name: 'errors',
    about: 'requests that failed, by code and kind of object',
    sql: counting('code >= 400 AND code NOT IN (401, 403)', `code, verb, ${object} AS object, ${some('username')} AS users`),
  },
  {
    name: 'masked-values',
    about: 'values that were masked, by kind',
    sql: (scope) =>
      `WITH lists AS (SELECT masked_kinds, count(*) AS events FROM events WHERE ${where(scope)} AND masked > 0 GROUP BY 1) SELECT split_part(mask, '=', 1) AS kind, sum(events * split_part(mask, '=', 2)::BIGINT) AS masked, sum(events) AS events FROM (SELECT events, unnest(masked_kinds) AS mask FROM lists) GROUP BY 1 ORDER BY masked DESC LIMIT ${scope.limit}`,
  },
  {
    name: 'not-masked-safely',
    about: 'events of which only a stub was kept',
    sql: listing('is_stub', 'source, audit_id, username, verb, digest'),
  },
  {
    name: 'findings-by-rule',
    about: 'findings by rule and severity, and how many are still open',
    sql: (scope) =>
      `SELECT * FROM (SELECT severity, rule_id, rule_name, count(*) AS findings, count(*) FILTER (state = 'open') AS open, ${some('username')} AS users, max(time) AS last FROM findings WHERE ${where(scope, 'time')} GROUP BY ALL) ORDER BY list_position(['critical', 'high', 'medium', 'low', 'informational'], severity), findings DESC LIMIT ${scope.limit}`,
  },
  {
    name: 'open-findings',
    about: 'findings that nobody has acknowledged or closed',
    sql: (scope) =>
      `SELECT time, severity, rule_name, username, verb, resource, namespace, name, id FROM findings WHERE ${where(scope, 'time')} AND state = 'open' ORDER BY time DESC LIMIT ${scope.limit}`,
  },
  {
    name: 'our-own-audit',
    about: 'who read, exported, reviewed, or changed keys and configuration here',
    sql: (scope) =>
      `SELECT time, note, "by", body FROM notes WHERE time >= ${time(scope.sinceMs)} AND time < ${time(scope.untilMs)} ORDER BY time DESC LIMIT ${scope.limit}`,
  },
];
