import { isJsonObject, type JsonObject, listOf, memberAt, memberOf, textOf, textsOf } from '../../core/json-members.ts';

/** A masked audit event as far as practices look at it. */
export interface PostureEvent {
  readonly timeMs: number;
  readonly auditID: string;
  readonly stage: string | undefined;
  /** None, Metadata, Request, RequestResponse; undefined where a wrapper does not say. */
  readonly level: string | undefined;
  readonly verb: string;
  /** Who the request counted for: the impersonated user where there is one. */
  readonly user: string;
  /** Who asked to be that user; '' where nobody did. */
  readonly impersonator: string;
  readonly groups: readonly string[];
  readonly agent: string;
  readonly uri: string;
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** HTTP status; undefined where the event does not say. */
  readonly code: number | undefined;
  readonly annotations: JsonObject;
  readonly body: unknown;
  readonly answer: unknown;
}

const nothing: JsonObject = {};

/** Reads the parsed bytes of a masked record. @returns undefined for what is no audit event */
export function postureEventOf(json: unknown, timeMs: number): PostureEvent | undefined {
  const verb = textOf(memberOf(json, 'verb'));
  if (verb === undefined) return undefined;
  const text = (...path: readonly string[]): string => textOf(memberAt(json, ...path)) ?? '';
  const acting = isJsonObject(memberOf(json, 'impersonatedUser')) ? 'impersonatedUser' : 'user';
  const code = memberAt(json, 'responseStatus', 'code');
  const annotations = memberOf(json, 'annotations');
  const [body, answer] = [memberOf(json, 'requestObject'), memberOf(json, 'responseObject')];
  const resource = text('objectRef', 'resource');
  return {
    timeMs,
    auditID: text('auditID'),
    stage: textOf(memberOf(json, 'stage')),
    level: textOf(memberOf(json, 'level')),
    verb,
    user: text(acting, 'username'),
    impersonator: acting === 'user' ? '' : text('user', 'username'),
    groups: textsOf(memberAt(json, acting, 'groups')),
    agent: text('userAgent'),
    uri: text('requestURI'),
    resource,
    group: text('objectRef', 'apiGroup'),
    version: text('objectRef', 'apiVersion'),
    subresource: text('objectRef', 'subresource'),
    // The API server says of a namespace that it lies in itself.
    namespace: resource === 'namespaces' ? '' : text('objectRef', 'namespace'),
    name: nameIn(text('objectRef', 'name'), body, answer),
    code: typeof code === 'number' ? code : undefined,
    annotations: isJsonObject(annotations) ? annotations : nothing,
    body,
    answer,
  };
}

/** What is created under a generated name is named in the answer only. */
function nameIn(named: string, body: unknown, answer: unknown): string {
  return named || (textOf(memberAt(body, 'metadata', 'name')) ?? textOf(memberAt(answer, 'metadata', 'name')) ?? '');
}

/** The request was answered and did what it asked. */
export const isDone = ({ stage, code, uri }: PostureEvent): boolean =>
  (stage === undefined || stage === 'ResponseComplete') && (code ?? 200) < 400 && !/[?&]dryRun=/.test(uri);

const writeVerbs = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
export const isWrite = ({ verb }: PostureEvent): boolean => writeVerbs.has(verb);

/** An object as an event shows it. */
export interface SeenObject {
  readonly namespace: string;
  readonly name: string;
  readonly object: unknown;
  /** The whole object; otherwise only what a patch says of it. */
  readonly isWhole: boolean;
}

/** Objects an event shows: of a list all of them, of a change the one it leaves behind. */
export function* objectsIn(event: PostureEvent): Generator<SeenObject, void, undefined> {
  const { verb, namespace, name, body, answer, code } = event;
  const listed = verb === 'list' ? listOf(memberOf(answer, 'items')) : [];
  for (const object of listed) yield { ...placeOf(object), object, isWhole: true };
  if (verb !== 'get' && verb !== 'create' && verb !== 'update' && verb !== 'patch') return;
  const whole = isObjectOfApi(answer) ? answer : undefined;
  if (whole) yield { namespace, name, object: whole, isWhole: true };
  else if (verb !== 'get' && body !== undefined && body !== null) {
    // A patch that made the object (server-side apply) holds all of it.
    yield { namespace, name, object: body, isWhole: verb !== 'patch' || (code === 201 && !Array.isArray(body)) };
  }
}

function placeOf(object: unknown): { readonly namespace: string; readonly name: string } {
  const text = (member: string): string => textOf(memberAt(object, 'metadata', member)) ?? '';
  return { namespace: text('namespace'), name: text('name') };
}

/** Answers may also be a Status, or a table made for people. */
function isObjectOfApi(answer: unknown): boolean {
  return (
    isJsonObject(answer) && isJsonObject(answer['metadata']) && !/^(Status|Table|Partial)/.test(textOf(answer['kind']) ?? '')
  );
}

/** The product a user agent names, without versions: `kubectl`; 64 characters at most. */
export const productOf = (agent: string): string => /^[^/\s]{0,64}/.exec(agent)?.[0] ?? '';
