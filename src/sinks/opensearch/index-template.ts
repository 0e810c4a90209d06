/** Raise it with every change of the template: an installed one of this version or later is left alone. */
export const templateVersion = 1;

export type IndexServer = 'opensearch' | 'elasticsearch';

const keyword = { type: 'keyword', ignore_above: 1024 };
const address = { type: 'ip', ignore_malformed: true };
const number = { type: 'long', ignore_malformed: true };
const time = { type: 'date', ignore_malformed: true };
const text = { type: 'text' };
const kept = { type: 'object', enabled: false };

type Mapping = Readonly<Record<string, object>>;
const object = (properties: Mapping): object => ({ dynamic: false, properties });
const keywords = (...names: readonly string[]): Mapping => Object.fromEntries(names.map((name) => [name, keyword]));

/**
 * Free-form bodies: one field whatever is in them, so that no request of an attacker makes fields. Elasticsearch can search in them
 * (`flattened`); OpenSearch's `flat_object` has no bound for long values and would refuse the event, so there they are only kept.
 */
const bodyOf = (server: IndexServer): object =>
  server === 'elasticsearch' ? { type: 'flattened', ignore_above: 1024, depth_limit: 1000 } : kept;

function auditMapping(server: IndexServer): object {
  const body = bodyOf(server);
  const person = object({ ...keywords('username', 'uid', 'groups'), extra: body });
  return object({
    ...keywords('level', 'auditID', 'stage', 'verb', 'kind', 'apiVersion'),
    requestURI: { type: 'keyword', ignore_above: 8191 },
    userAgent: keyword,
    user: person,
    impersonatedUser: person,
    sourceIPs: address,
    objectRef: object(
      keywords('resource', 'subresource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion'),
    ),
    responseStatus: object({ ...keywords('status', 'reason'), message: text, code: number, metadata: body, details: body }),
    requestObject: body,
    responseObject: body,
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: object({
      ...keywords('authorization_k8s_io/decision', 'authorization_k8s_io/reason', 'audit_k8s_io/truncated'),
    }),
  });
}

/** What both kinds of document have: names of the Elastic Common Schema. */
const common: Mapping = {
  '@timestamp': { type: 'date' },
  message: text,
  tags: keyword,
  ecs: object(keywords('version')),
  event: object({
    ...keywords('kind', 'category', 'type', 'module', 'dataset', 'provider', 'id', 'action', 'outcome'),
    ...{ severity: number, ingested: time, start: time, end: time },
  }),
  orchestrator: object({
    ...keywords('type', 'namespace'),
    cluster: object(keywords('name')),
    resource: object(keywords('type', 'name')),
  }),
  user: object(keywords('name')),
  source: object({ ip: address }),
  related: object({ ip: address, user: keyword }),
  user_agent: object(keywords('original')),
  http: object({ response: object({ status_code: number }) }),
};

const findingOnly: Mapping = {
  rule: object(keywords('id', 'name', 'author', 'license')),
  threat: object({
    framework: keyword,
    tactic: object(keywords('id', 'name')),
    technique: object({ id: keyword, subtechnique: object(keywords('id')) }),
  }),
  observer: object(keywords('vendor', 'product', 'version', 'type')),
  auditveil: object({
    finding: object({ ...keywords('id', 'severity', 'covers'), revision: number }),
    audit: object(keywords('id', 'stage', 'intent')),
    evidence: object(keywords('field', 'values')),
    episode: object({
      ...keywords('id', 'mergedInto'),
      count: number,
      first: time,
      last: time,
      group: object(keywords('field', 'values')),
    }),
    rolledUp: object({ count: number, last: time }),
    origin: object(keywords('user', 'verb', 'resource', 'namespace', 'name')),
  }),
};

/** The index template for one kind of content. Nothing but what stands here becomes a field; the rest is kept in `_source`. */
export function indexTemplate(content: 'events' | 'findings', server: IndexServer, pattern: string, isStream: boolean): object {
  const own: Mapping =
    content === 'findings'
      ? findingOnly
      : {
          url: object({ original: { type: 'keyword', ignore_above: 8191 } }),
          auditveil: object({ ...keywords('source', 'policy', 'rules'), masked: number, stub: { type: 'boolean' } }),
          kubernetes: object({ audit: auditMapping(server) }),
        };
  return {
    index_patterns: [pattern],
    ...(isStream && { data_stream: {} }),
    priority: 200,
    version: templateVersion,
    _meta: { description: `Auditveil ${content}` },
    template: { mappings: { dynamic: false, properties: { ...common, ...own } } },
  };
}
