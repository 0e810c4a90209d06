import { eventColumns, findingColumns } from '../sinks/shared/columns.ts';
import { accessColumns, reviewColumns } from './note-tables.ts';

export const columnsFile = 'columns.json';

/** What columns of the tables mean, for whoever reads them without this program. All values are masked ones. */
const meanings: Readonly<Record<string, string>> = {
  event_time: 'when the request reached this stage, as kube-apiserver says; RFC 3339, microseconds',
  received_at: 'when this program received it',
  time: 'when it happened, event time',
  cluster: 'name of the cluster',
  source: 'the input it came from',
  digest: 'names the event in the log: keyed digest of the raw event',
  audit_id: 'ID of the request, chosen by kube-apiserver or the client',
  stage: 'RequestReceived, ResponseStarted, ResponseComplete or Panic',
  level: 'how much of the request is in the event: Metadata, Request or RequestResponse',
  verb: 'get, list, watch, create, update, patch, delete, deletecollection, or the HTTP method',
  username: 'who asked; people as pseudonyms, one for each person and key epoch',
  source_ips: 'addresses it came from; pseudonyms that keep the network structure',
  user_agent: 'program that asked',
  api_group: 'group of the object, empty for the core group',
  resource: 'kind of object, plural',
  subresource: 'for example exec, log, scale, status',
  namespace: 'of the object',
  name: 'of the object',
  request_uri: 'path and query of the request',
  code: 'HTTP status: 401 not known, 403 not allowed, 200 to 299 done',
  decision: 'authorization: allow or forbid',
  rules: 'ids of the rules that matched the event',
  masked: 'number of values masked in it',
  is_stub: 'whether it could not be masked safely and its content was held back',
  policy: 'masking policy in force, with its digest',
  id: 'id of the finding, the same in all its revisions',
  revision: 'number of this version of the finding; the highest counts',
  rule_id: 'rule that found it',
  rule_name: 'what the rule looks for',
  severity: 'informational, low, medium, high or critical',
  tags: 'MITRE ATT&CK techniques and others',
  count: 'matches it stands for',
  at: 'when it was noted',
  by: 'user of the system or of the API who did it',
  action: 'what was done',
  finding: 'id of the finding it is about',
  match: 'what a silence is about',
  until: 'when a silence ends',
  text: 'what the person wrote, masked',
  detail: 'what else was noted, as JSON',
};

/** Tables, their columns, types and meaning, as one line of JSON. */
export function columnsDictionary(): string {
  const tables = { events: eventColumns, findings: findingColumns, reviews: reviewColumns, access: accessColumns };
  const described = Object.entries(tables).map(([table, columns]) => [
    table,
    columns.map(({ name, type }) => ({ name, type, meaning: meanings[name] })),
  ]);
  return `${JSON.stringify(Object.fromEntries(described), undefined, 1)}\n`;
}
