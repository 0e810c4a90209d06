import { memberAt, memberOf, textOf, textsOf } from '../../core/json-members.ts';
import { type MaskedRecord, recordFlags } from '../../core/record.ts';

/** A masked event as one row of a table: what is asked for most as columns, and the whole event as it stands in the log. */
export interface EventRow {
  /** Microseconds since the epoch. */
  readonly eventTimeUs: number;
  readonly receivedAtUs: number;
  readonly cluster: string;
  readonly source: string;
  /** Keyed digest of the raw event, 32 hex digits: the same event again has the same. */
  readonly digest: string;
  readonly auditId: string | undefined;
  readonly stage: string | undefined;
  readonly level: string | undefined;
  readonly verb: string | undefined;
  readonly username: string | undefined;
  readonly sourceIps: readonly string[];
  readonly userAgent: string | undefined;
  readonly apiGroup: string | undefined;
  readonly resource: string | undefined;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly requestUri: string | undefined;
  readonly code: number | undefined;
  /** `allow` or `forbid`. */
  readonly decision: string | undefined;
  /** Ids of the rules that matched. */
  readonly rules: readonly string[];
  /** Values that were masked. */
  readonly masked: number;
  /** The event could not be masked safely: the body is a stub. */
  readonly isStub: boolean;
  /** Id of the masking policy. */
  readonly policy: string | undefined;
}

const decoder = new TextDecoder();
const int32 = 2 ** 31;

/** The event that a record holds, parsed; undefined where it is no JSON. */
export function eventIn({ payload }: MaskedRecord): unknown {
  try {
    return JSON.parse(decoder.decode(payload)) as unknown;
  } catch {
    return undefined;
  }
}

const codeOf = (value: unknown): number | undefined =>
  Number.isInteger(value) && Math.abs(value as number) < int32 ? (value as number) : undefined;

/**
 * What is missing, or is of another type than Kubernetes gives it, is left out of its column; the body has it all the same.
 * @param event of the record, where it is parsed already
 */
export function eventRow(record: MaskedRecord, event: unknown = eventIn(record)): EventRow {
  const text = (...path: readonly string[]): string | undefined => textOf(memberAt(event, ...path));
  return {
    eventTimeUs: record.eventTimeUs,
    receivedAtUs: record.receivedAtUs,
    cluster: record.context?.cluster ?? '',
    source: record.context?.source ?? '',
    digest: record.digest,
    auditId: text('auditID'),
    stage: text('stage'),
    level: text('level'),
    verb: text('verb'),
    username: text('user', 'username'),
    sourceIps: textsOf(memberOf(event, 'sourceIPs')),
    userAgent: text('userAgent'),
    apiGroup: text('objectRef', 'apiGroup'),
    resource: text('objectRef', 'resource'),
    subresource: text('objectRef', 'subresource'),
    namespace: text('objectRef', 'namespace'),
    name: text('objectRef', 'name'),
    requestUri: text('requestURI'),
    code: codeOf(memberAt(event, 'responseStatus', 'code')),
    decision: text('annotations', 'authorization.k8s.io/decision'),
    rules: record.matches,
    masked: record.masks.reduce((sum, { count }) => sum + count, 0),
    isStub: (record.flags & recordFlags.stub) !== 0,
    policy: record.context?.policy.id,
  };
}
