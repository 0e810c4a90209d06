/** Beginning of every value of these events that must be masked; no other value begins like this. */
export const chaosSecret = 'kept-out-';
const base64Text = (text: string): string => Buffer.from(text).toString('base64');
/** What is searched for: the secrets as they are, as base64 of a Secret's data, and the addresses. */
export const chaosPlanted = [chaosSecret, base64Text(chaosSecret), '203.0.113.'];

/** Event time between two events: a million of them are fifteen minutes. */
export const apartUs = 900;
const wave = 20_000;
const users = 400;
const namespaces = 40;

/** Six rules over several events and as many ways to count, for groups by user or namespace. Windows are short: many episodes. */
export const chaosRules = [
  rule('updated', '{ verb: update, objectRef.resource: configmaps }'),
  rule('secret_read', '{ verb: get, objectRef.resource: secrets }'),
  rule('exec', '{ verb: create, objectRef.subresource: exec }'),
  rule('pod_deleted', '{ verb: delete, objectRef.resource: pods }'),
  rule('lease_made', '{ verb: create, objectRef.resource: leases }'),
  rule('lease_kept', '{ verb: update, objectRef.resource: leases }'),
  correlation('many_updates', 'event_count', '[updated]', 'user.username', '10s', '{ gte: 5 }'),
  correlation('many_secrets', 'value_count', '[secret_read]', 'user.username', '10s', '{ field: objectRef.name, gte: 4 }'),
  correlation('exec_then_delete', 'temporal_ordered', '[exec, pod_deleted]', 'user.username', '5s'),
  correlation('busy', 'temporal', '[updated, secret_read, exec, pod_deleted]', 'user.username', '3s'),
  correlation('lease_lost', 'x-absence', '[lease_made, lease_kept]', 'objectRef.namespace', '10s'),
  correlation('many_update', 'event_count', '[many_updates]', 'objectRef.namespace', '20s', '{ gte: 3 }', true),
].join('---\n');

/** The rule of them that counts episodes of another. */
export const chainedRule = 'many_update';

/** Longest window, for how long after the last event something may still end. */
export const longestWindowUs = 20_000_000;

function rule(name: string, selection: string): string {
  return `title: ${name}
id: ${idOf(name)}
name: ${name}
logsource: { product: kubernetes, service: audit }
detection: { sel: ${selection}, condition: sel }
level: informational
`;
}

function correlation(
  name: string,
  type: string,
  rules: string,
  by: string,
  span: string,
  condition = '',
  generate = false,
): string {
  const asked = condition === '' ? '' : `, condition: ${condition}`;
  return `title: ${name}
id: ${idOf(name)}
name: ${name}
correlation: { type: ${type}, rules: ${rules}, group-by: [${by}], timespan: ${span}${asked}${generate ? ', generate: true' : ''} }
level: medium
`;
}

/** A UUID that a name stands for. */
function idOf(name: string): string {
  const hex = Buffer.from(name.padEnd(16, '.')).toString('hex').slice(0, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Spreads whole numbers over 32 bits (the last steps of MurmurHash3, Appleby). */
function spread(...numbers: readonly number[]): number {
  let h = 0x9747b28c;
  for (const number of numbers) {
    h = Math.imul(h ^ number, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

interface Doing {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly body?: object;
}

/** Events of one run, each made from its number alone: the same for whoever reads it. */
export class ChaosEvents {
  readonly #seed: number;
  readonly #startUs: number;

  constructor(seed: number, startMs: number) {
    this.#seed = seed;
    this.#startUs = startMs * 1000;
  }

  /** Whether a rule over several events needs it: workers hand it on. */
  isCounted(number: number): boolean {
    return spread(this.#seed, number) % 100 >= 70;
  }

  /** Which agents see it, 0 and 1: one of them mostly, both now and then. */
  seenBy(number: number): readonly number[] {
    return number % 20 === 0 ? [0, 1] : [spread(number, this.#seed) & 1];
  }

  line(number: number): string {
    const drawn = spread(this.#seed, number);
    const isLease = drawn % 100 >= 95;
    const user = this.isCounted(number) ? this.#active(number, users, 5) : drawn % users;
    const namespace = isLease ? this.#active(number, namespaces, 3) : spread(user) % namespaces;
    const doing = this.#doing(drawn % 100, number, namespace);
    return this.#event(number, this.#startUs + number * apartUs, user, namespace, doing);
  }

  /** After everything else: an event that moves time on, so that everything ends. */
  last(number: number, afterUs: number): string {
    const doing = { verb: 'update', resource: 'configmaps' };
    return this.#event(number, this.#startUs + number * apartUs + afterUs, users + 1, namespaces + 1, doing);
  }

  /** One of those that are active in this wave: every so manieth, some more than others. */
  #active(number: number, count: number, every: number): number {
    const at = Math.floor(number / wave);
    const unit = spread(number, 7, this.#seed) / 2 ** 32;
    const place = Math.floor((unit * unit * count) / every);
    return (place * every + (spread(at, place, this.#seed) % every)) % count;
  }

  #doing(drawn: number, number: number, namespace: number): Doing {
    if (drawn < 70) return { verb: 'get', resource: 'pods' };
    if (drawn < 80)
      return { verb: 'update', resource: 'configmaps', body: { data: { 'app.yaml': `password: ${chaosSecret}${number}\n` } } };
    if (drawn < 88) return { verb: 'get', resource: 'secrets', body: { data: { token: base64Text(`${chaosSecret}${number}`) } } };
    if (drawn < 92) return { verb: 'create', resource: 'pods', subresource: 'exec' };
    if (drawn < 95) return { verb: 'delete', resource: 'pods' };
    // In every third namespace of a wave nobody keeps the lease that was made.
    const isKept = drawn >= 97 && spread(namespace, Math.floor(number / wave), 3) % 3 > 0;
    return { verb: isKept ? 'update' : 'create', resource: 'leases' };
  }

  #event(number: number, atUs: number, user: number, namespace: number, { verb, resource, subresource, body }: Doing): string {
    const micros = String(atUs % 1000).padStart(3, '0');
    const at = new Date(Math.floor(atUs / 1000)).toISOString().replace('Z', `${micros}Z`);
    const name = `${resource}-${spread(number) % 6}`;
    const space = `team-${namespace}`;
    return JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: body ? 'Request' : 'Metadata',
      auditID: `e-${number}`,
      stage: 'ResponseComplete',
      requestURI: `/api/v1/namespaces/${space}/${resource}/${name}${subresource ? `/${subresource}` : ''}`,
      verb,
      user: { username: `${chaosSecret}${user}@example.com`, groups: ['developers', 'system:authenticated'] },
      sourceIPs: [`203.0.113.${user % 250}`],
      userAgent: 'kubectl/v1.34.2 (linux/amd64) kubernetes/abcdef0',
      objectRef: { resource, namespace: space, name, apiVersion: 'v1', ...(subresource && { subresource }) },
      responseStatus: { metadata: {}, code: 200 },
      ...(body && {
        requestObject: { kind: resource === 'secrets' ? 'Secret' : 'ConfigMap', apiVersion: 'v1', metadata: { name }, ...body },
      }),
      requestReceivedTimestamp: at,
      stageTimestamp: at,
    });
  }
}
