import { listOf, quoted } from './sql-text.ts';

/** A column of a view, as `query --schema` shows it. */
export interface ViewColumn {
  readonly name: string;
  readonly about: string;
}

export interface QueryView {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly ViewColumn[];
}

const column = (name: string, about: string): ViewColumn => ({ name, about });

/** What SQL can ask for. Times are in UTC; every text is masked. */
export const queryViews: readonly QueryView[] = [
  {
    name: 'events',
    about: 'one row a masked event',
    columns: [
      column('event_time', 'when it happened'),
      column('received_at', 'when it was received'),
      column('cluster', 'cluster of the source'),
      column('source', 'name of the source'),
      column('audit_id', 'auditID, which the client may choose'),
      column('stage', 'for example ResponseComplete'),
      column('level', 'Metadata, Request or RequestResponse'),
      column('verb', 'get, list, create, …'),
      column('username', 'who; pseudonyms of people'),
      column('user_groups', 'list'),
      column('impersonated_user', 'whom they acted as'),
      column('source_ip', 'the first address'),
      column('source_ips', 'list: the first is what the client says'),
      column('user_agent', 'as the client calls itself'),
      column('api_group', 'empty for the core group'),
      column('resource', 'pods, secrets, …'),
      column('subresource', 'exec, log, token, …'),
      column('namespace', 'empty where there is none'),
      column('name', 'of the object'),
      column('request_uri', 'path and query'),
      column('code', 'of the answer'),
      column('decision', 'allow or forbid'),
      column('intent', 'what a person would have typed'),
      column('rules', 'list: ids of rules that matched'),
      column('masked', 'number of values masked'),
      column('masked_kinds', "list of 'kind=count'"),
      column('is_stub', 'it could not be masked safely: no content was kept'),
      column('policy', 'id of the masking policy'),
      column('digest', 'names the event in its log'),
    ],
  },
  {
    name: 'findings',
    about: 'one row a finding, in its last revision',
    columns: [
      column('time', 'event time'),
      column('id', 'names the finding'),
      column('revision', 'counts from 1'),
      column('severity', 'informational, low, medium, high, critical'),
      column('rule_id', 'which rule'),
      column('rule_name', 'its title'),
      column('tags', 'list: ATT&CK and others'),
      column('state', 'open, acknowledged or closed, by the last review'),
      ...['cluster', 'username', 'verb', 'resource', 'namespace', 'name', 'source_ips', 'user_agent', 'code', 'audit_id'].map(
        (name) => column(name, 'of its event'),
      ),
      column('count', 'matches or findings it stands for'),
      column('body', 'all of it, JSON'),
    ],
  },
  {
    name: 'notes',
    about: 'our own audit: reviews, silences, exports, queries, keys, configuration',
    columns: [
      column('time', 'when'),
      column('note', 'what, for example exported'),
      column('by', 'who, as the system says'),
      column('body', 'all of it, JSON'),
    ],
  },
];

export interface ViewFiles {
  readonly heads: readonly string[];
  readonly findings: string;
  readonly notes: string;
}

const states = "CASE body->>'action' WHEN 'acknowledge' THEN 'acknowledged' WHEN 'close' THEN 'closed' ELSE 'open' END";

/** The statements that make the views over Parquet files. */
export function viewStatements({ heads, findings, notes }: ViewFiles): readonly string[] {
  const [events, finding, note] = queryViews.map(({ columns }) => columns.map(({ name }) => `"${name}"`));
  const none = `SELECT ${(queryViews[0]?.columns ?? []).map(({ name }) => `${emptyOf(name)} AS "${name}"`).join(', ')} WHERE false`;
  return [
    heads.length === 0
      ? `CREATE VIEW events AS ${none}`
      : `CREATE VIEW events AS SELECT ${events?.join(', ')} FROM read_parquet(${listOf(heads)})`,
    `CREATE VIEW notes AS SELECT ${note?.join(', ')} FROM read_parquet(${quoted(notes)})`,
    `CREATE VIEW findings AS SELECT ${finding?.map((name) => (name === '"state"' ? "coalesce(reviews.state, 'open') AS state" : `latest.${name}`)).join(', ')} FROM (SELECT * FROM read_parquet(${quoted(findings)}) QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1) AS latest LEFT JOIN (SELECT body->>'finding' AS id, arg_max(${states}, time) AS state FROM notes WHERE note = 'review' GROUP BY 1) AS reviews ON reviews.id = latest.id`,
  ];
}

/** A column of no rows, with its type. */
function emptyOf(name: string): string {
  if (name === 'event_time' || name === 'received_at') return 'NULL::TIMESTAMP';
  if (['user_groups', 'source_ips', 'rules', 'masked_kinds'].includes(name)) return 'NULL::VARCHAR[]';
  return ['code', 'masked'].includes(name) ? 'NULL::INTEGER' : name === 'is_stub' ? 'NULL::BOOLEAN' : 'NULL::VARCHAR';
}
