import { memberAt, textOf } from '../core/json-members.ts';

/** A request as intent is read from: of a masked event. Texts that are missing are empty. */
export interface RequestView {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly agent: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** `requestObject`, where it is logged. */
  readonly body: unknown;
  /** The user the caller acts as. */
  readonly actsAs: string;
}

/** The text at the end of a path of members; empty where there is none. */
export const textAt = (value: unknown, ...path: readonly string[]): string => textOf(memberAt(value, ...path)) ?? '';

/** Reads a masked event; whatever its members are, it does not throw. */
export function requestView(event: unknown): RequestView {
  const uri = textAt(event, 'requestURI');
  const mark = uri.indexOf('?');
  const body = memberAt(event, 'requestObject');
  return {
    verb: textAt(event, 'verb'),
    resource: textAt(event, 'objectRef', 'resource'),
    subresource: textAt(event, 'objectRef', 'subresource'),
    group: textAt(event, 'objectRef', 'apiGroup'),
    namespace: textAt(event, 'objectRef', 'namespace'),
    name: textAt(event, 'objectRef', 'name') || textAt(body, 'metadata', 'name'),
    agent: textAt(event, 'userAgent'),
    path: mark < 0 ? uri : uri.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : uri.slice(mark + 1)),
    body,
    actsAs: textAt(event, 'impersonatedUser', 'username'),
  };
}
