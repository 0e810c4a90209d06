import type { FieldSpec } from '../core/extracts.ts';
import type { Finding } from '../core/finding.ts';
import { isJsonObject, type JsonObject, memberOf as member } from '../core/json-members.ts';
import type { MaskedBytes } from '../core/record.ts';
import { cutText } from './cut-text.ts';
import { intentOf } from './intent.ts';

/** A masked event as an object. */
export interface EventView {
  readonly json: JsonObject;
  readonly event: Finding['event'];
}

/** Values a finding shows of one field. */
const valuesPerField = 8;

const decoder = new TextDecoder();

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return cutText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** Reads the payload of a masked record; a stub or anything that is no object gives an empty view. */
export function eventView(payload: MaskedBytes, index?: number): EventView {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(payload));
  } catch {
    json = undefined;
  }
  const object = member(json, 'objectRef');
  const text = (value: unknown, name: string): string | undefined => textOf(member(value, name));
  const resource = text(object, 'resource');
  const subresource = text(object, 'subresource');
  const addresses = member(json, 'sourceIPs');
  const code = member(member(json, 'responseStatus'), 'code');
  const intent = intentOf(json);
  return {
    json: isJsonObject(json) ? json : {},
    event: {
      auditID: text(json, 'auditID'),
      stage: text(json, 'stage'),
      ...(index === undefined ? {} : { index }),
      user: text(member(json, 'user'), 'username'),
      verb: text(json, 'verb'),
      resource: resource && subresource ? `${resource}/${subresource}` : resource,
      namespace: text(object, 'namespace'),
      name: text(object, 'name'),
      sourceIPs: Array.isArray(addresses) ? addresses.slice(0, valuesPerField).flatMap((address) => textOf(address) ?? []) : [],
      userAgent: text(json, 'userAgent'),
      code: typeof code === 'number' ? code : undefined,
      ...(intent === undefined ? {} : { intent }),
    },
  };
}

function collect(node: unknown, path: readonly string[], at: number, out: string[]): void {
  if (out.length >= valuesPerField) return;
  if (Array.isArray(node)) {
    for (const item of node) collect(item, path, at, out);
    return;
  }
  const name = path[at];
  if (name === undefined) {
    const text = textOf(node);
    if (text !== undefined && !out.includes(text)) out.push(text);
    return;
  }
  if (!isJsonObject(node)) return;
  if (name === '*') for (const value of Object.values(node)) collect(value, path, at + 1, out);
  else collect(member(node, name), path, at + 1, out);
}

/** Masked values of a field, each once, in input order. Bounded in number and length. */
export function valuesOf(view: EventView, field: FieldSpec): readonly string[] {
  const out: string[] = [];
  for (const path of field.paths) collect(view.json, path, 0, out);
  return out;
}

/** The last value of a field: what a correlation groups by. */
export function lastValueOf(view: EventView, field: FieldSpec): string | undefined {
  for (const path of field.paths) {
    const last = lastAt(view.json, path, 0);
    if (last !== undefined) return last;
  }
  return undefined;
}

function lastAt(node: unknown, path: readonly string[], at: number): string | undefined {
  if (Array.isArray(node)) {
    for (let i = node.length - 1; i >= 0; i--) {
      const last = lastAt(node[i], path, at);
      if (last !== undefined) return last;
    }
    return undefined;
  }
  const name = path[at];
  if (name === undefined) return textOf(node);
  return lastAt(member(node, name), path, at + 1);
}
