import { kubernetesVerbs } from './kubernetes-resources.ts';

type Json = Readonly<Record<string, unknown>>;

/** A rule's section with one thing changed. */
export interface Mutant {
  /** What was changed, in the words of the rule file. */
  readonly what: string;
  readonly section: Json;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Selections that hold for every event, and for none. */
const always = [{ 'kind|exists': true }, { 'kind|exists': false }];
const never = { 'kind|exists': true, kind: null };

/**
 * Words of fields whose values come from a closed list: there, looking for a part of a text instead of the whole is a
 * change only where another word of the list has that part.
 */
const vocabularies: Readonly<Record<string, readonly string[]>> = {
  verb: [...kubernetesVerbs, 'post', 'put', 'head', 'options'],
  stage: ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
  level: ['None', 'Metadata', 'Request', 'RequestResponse'],
  'responseStatus.code': [],
  'objectRef.subresource': [
    ...[
      'status',
      'scale',
      'exec',
      'attach',
      'portforward',
      'proxy',
      'log',
      'binding',
      'eviction',
      'ephemeralcontainers',
      'token',
    ],
    ...['approval', 'finalize', 'resize'],
  ],
  'objectRef.resource': [
    ...[
      'pods',
      'podtemplates',
      'podsecuritypolicies',
      'poddisruptionbudgets',
      'nodes',
      'csinodes',
      'namespaces',
      'secrets',
      'configmaps',
    ],
    ...[
      'services',
      'apiservices',
      'endpoints',
      'endpointslices',
      'events',
      'serviceaccounts',
      'deployments',
      'daemonsets',
      'statefulsets',
    ],
    ...['replicasets', 'replicationcontrollers', 'jobs', 'cronjobs', 'ingresses', 'ingressclasses', 'networkpolicies', 'roles'],
    ...['clusterroles', 'rolebindings', 'clusterrolebindings', 'certificatesigningrequests', 'persistentvolumes'],
    ...['persistentvolumeclaims', 'storageclasses', 'leases', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'customresourcedefinitions', 'limitranges'],
    ...['resourcequotas', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'subjectaccessreviews', 'tokenreviews'],
  ],
};

/** Replaces one member of an object, keeping the order. An undefined value removes it. */
function withMember(map: Json, name: string, newName: string, value: unknown): Json {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, old]): [string, unknown][] => {
      if (key !== name) return [[key, old]];
      return value === undefined ? [] : [[newName, value]];
    }),
  );
}

/** Another value of the same type; undefined where there is none worth trying. */
function otherValue(value: unknown, modifiers: readonly string[]): unknown {
  if (modifiers.includes('cidr')) return '203.0.113.255/32';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value * 2 + 1;
  if (typeof value !== 'string') return value === null ? 'other' : undefined;
  if (/^[*?]*$/.test(value)) return undefined;
  return modifiers.includes('endswith') ? `${value}-other` : `other-${value}`;
}

/** The alternatives of the outermost group or of the whole expression, where it is one: `a(b|c)d` gives the places of b and c. */
function alternativesOf(source: string): readonly { readonly start: number; readonly end: number }[] {
  let depth = 0;
  let inClass = false;
  const bars: number[] = [];
  let from = 0;
  let level = source.includes('(') ? 1 : 0;
  let until = source.length;
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === '\\') i++;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') {
      if (++depth === level && from === 0 && bars.length === 0)
        from = i + 1 + (/^\?(?:[a-z]*:)/.exec(source.slice(i + 1))?.[0].length ?? 0);
    } else if (char === ')') {
      if (depth-- === level && until === source.length) until = i;
    } else if (char === '|' && depth === 0 && level === 1) {
      level = 0;
      from = 0;
      until = source.length;
      bars.length = 0;
      bars.push(i);
    } else if (char === '|' && depth === level && i < until) bars.push(i);
  }
  const edges = [from - 1, ...bars, until];
  return bars.length === 0 ? [] : edges.slice(1).map((end, i) => ({ start: (edges[i] ?? 0) + 1, end }));
}

/** The expression without each of its alternatives. */
function shorterExpressions(source: string): readonly string[] {
  const places = alternativesOf(source);
  return places.map(({ start, end }, i) => source.slice(0, i === 0 ? start : start - 1) + source.slice(i === 0 ? end + 1 : end));
}

/** A value replaced by another; of an expression, each alternative left out. */
function* swappedValues(value: unknown, modifiers: readonly string[]): Generator<readonly [what: string, value: unknown]> {
  const values = listOf(value);
  for (const [i, item] of values.entries()) {
    const shown = JSON.stringify(item);
    const others =
      modifiers.includes('re') && typeof item === 'string'
        ? shorterExpressions(item).map((text) => [`${shown} without an alternative: ${JSON.stringify(text)}`, text] as const)
        : [[`${shown} is another value`, otherValue(item, modifiers)] as const];
    for (const [what, other] of others) {
      if (other !== undefined) yield [what, Array.isArray(value) ? values.with(i, other) : other];
    }
  }
}

const boundaries: Readonly<Record<string, string>> = { gte: 'gt', gt: 'gte', lte: 'lt', lt: 'lte' };

/** Whether looking for a part finds more than looking for the whole. */
function findsMore(field: string, values: readonly unknown[]): boolean {
  const words = vocabularies[field];
  const wanted = values.filter((value) => typeof value === 'string').map((value) => value.toLowerCase());
  if (words === undefined) return wanted.some((value) => !/^[*?]*$/.test(value));
  return words.some((word) => !wanted.includes(word.toLowerCase()) && wanted.some((value) => word.toLowerCase().includes(value)));
}

/** The same field with modifiers that ask for less, or for something else. */
function* widened(name: string, value: unknown): Generator<readonly [what: string, name: string, value: unknown]> {
  const [field = '', ...modifiers] = name.split('|');
  const without = (modifier: string): string => [field, ...modifiers.filter((item) => item !== modifier)].join('|');
  const as = (from: string, to: string): string => name.replace(`|${from}`, `|${to}`);
  for (const modifier of ['all', 'cased', 'neq'])
    if (modifiers.includes(modifier)) yield [`without "${modifier}"`, without(modifier), value];
  for (const modifier of ['startswith', 'endswith']) {
    if (modifiers.includes(modifier)) yield [`"${modifier}" is "contains"`, as(modifier, 'contains'), value];
  }
  for (const modifier of ['contains', 're', 'cidr']) {
    if (modifiers.includes(modifier)) yield [`"${modifier}" is "exists"`, `${field}|exists`, true];
  }
  for (const [modifier, other] of Object.entries(boundaries)) {
    if (!modifiers.includes(modifier)) continue;
    yield [`"${modifier}" is "${other}"`, as(modifier, other), value];
    if (typeof value === 'number') yield [`${value} is half of it`, name, Math.floor(value / 2)];
  }
  if (modifiers.length === 0 && findsMore(field, listOf(value)))
    yield ['the whole text is "contains"', `${field}|contains`, value];
}

function* mutantsOfMap(map: Json): Generator<readonly [what: string, map: Json]> {
  const members = Object.entries(map);
  for (const [name, value] of members) {
    const [, ...modifiers] = name.split('|');
    if (members.length > 1) yield [`without ${name}`, withMember(map, name, name, undefined)];
    for (const [what, other] of swappedValues(value, modifiers)) yield [`${name}: ${what}`, withMember(map, name, name, other)];
    for (const [what, newName, other] of widened(name, value)) {
      if (!(newName in map) || newName === name) yield [`${name}: ${what}`, withMember(map, name, newName, other)];
    }
  }
}

function* mutantsOfSelection(body: unknown): Generator<readonly [what: string, body: unknown]> {
  yield ['holds always', always];
  yield ['holds never', never];
  if (isObject(body)) yield* mutantsOfMap(body);
  for (const [i, item] of (Array.isArray(body) ? body : []).entries()) {
    const list = body as readonly unknown[];
    if (list.length > 1) yield [`without item ${i + 1}`, list.toSpliced(i, 1)];
    if (typeof item === 'string') yield [`item ${i + 1} is another text`, list.with(i, `other-${item}`)];
    if (!isObject(item)) continue;
    for (const [what, map] of mutantsOfMap(item)) yield [`item ${i + 1}: ${what}`, list.with(i, map)];
  }
}

/**
 * Every change of one thing in a Sigma `detection` section, given as plain data: a selection that always or never
 * holds, a clause less, another value, a wider modifier, a boundary moved, `all of` for `1 of`. Pure; some mutants may mean
 * the same as the rule, and some may not load.
 */
export function mutateDetection(detection: Json): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (const [name, body] of Object.entries(detection)) {
    if (name === 'condition') continue;
    for (const [what, changed] of mutantsOfSelection(body)) {
      mutants.push({ what: `${name}: ${what}`, section: withMember(detection, name, name, changed) });
    }
  }
  const condition = detection['condition'];
  if (typeof condition !== 'string') return mutants;
  for (const [from, to] of [
    [/\b1 of (?!them)/g, 'all of '],
    [/\ball of (?!them)/g, '1 of '],
  ] as const) {
    for (const match of condition.matchAll(from)) {
      const changed = condition.slice(0, match.index) + to + condition.slice(match.index + match[0].length);
      if (quantifies(detection, condition.slice(match.index + match[0].length)))
        mutants.push({ what: `condition: ${changed}`, section: { ...detection, condition: changed } });
    }
  }
  return mutants;
}

/** Whether the pattern at the start of a text names more than one selection. */
function quantifies(detection: Json, text: string): boolean {
  const prefix = /^([\w-]+)\*/.exec(text)?.[1];
  return prefix !== undefined && Object.keys(detection).filter((name) => name.startsWith(prefix)).length > 1;
}

const spans: Readonly<Record<string, (seconds: number) => number>> = { twice: (n) => n * 2, half: (n) => Math.floor(n / 2) };
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Every change of one thing in a Sigma `correlation` section: bounds, span, groups, rules, the counted field. */
export function mutateCorrelation(correlation: Json): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const add = (what: string, member: string, value: unknown): void => {
    mutants.push({ what, section: withMember(correlation, member, member, value) });
  };
  const condition = correlation['condition'];
  for (const [name, value] of isObject(condition) ? Object.entries(condition) : []) {
    if (typeof value !== 'number') continue;
    add(`${name} ${value} is ${value + 1}`, 'condition', { ...(condition as Json), [name]: value + 1 });
    if (value > 1) add(`${name} ${value} is ${value - 1}`, 'condition', { ...(condition as Json), [name]: value - 1 });
  }
  const span = /^(\d+)([smhd])$/.exec(String(correlation['timespan']));
  const seconds = Number(span?.[1]) * (units[span?.[2] ?? ''] ?? 0);
  for (const [what, change] of Object.entries(spans)) {
    if (seconds > 1) add(`the time span is ${what} as long`, 'timespan', `${change(seconds)}s`);
  }
  for (const member of ['group-by', 'rules']) {
    const list = correlation[member];
    if (!Array.isArray(list)) continue;
    if (member === 'group-by' && list.length === 1) add(`without ${member}`, member, undefined);
    for (const [i, name] of list.length > 1 ? list.entries() : [])
      add(`${member} without ${String(name)}`, member, list.toSpliced(i, 1));
  }
  return mutants;
}
