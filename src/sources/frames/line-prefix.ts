import { bytesOf } from './json-walk.ts';
import { startsAsEvent } from './open-wrapper.ts';

/** A line that begins with something else than JSON. */
export type Prefixed =
  | {
      readonly type: 'text';
      /** Where what the prefix stands before begins. */
      readonly bodyStart: number;
      /** What of the prefix may stand in an output: nothing but times and fixed words. */
      readonly kept: string;
      /** Set for a line of a container runtime. */
      readonly container?: { readonly stream: 'stdout' | 'stderr'; readonly partial: boolean };
    }
  /** Base64 of gzip. */
  | { readonly type: 'encoded' };

/** A prefix is looked for in this much of a line. */
const prefixBytes = 512;
const time = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`;
/** The log format of the Container Runtime Interface: time, stream, tags (the first says whether the line goes on), text. */
const containerLine = new RegExp(String.raw`^(${time} )(stdout|stderr) ([FP])(?::\S*)?(?: |$)`);
const timed = new RegExp(String.raw`^${time} (?=\{)`);
const legacyLine = /\bAUDIT: id="/;
/** Base64 of gzip of text of any length worth sending. */
const encodedLine = /^H4sI[A-Za-z0-9+/=]{20,}$/;

/** Undefined where the line begins as JSON, or with nothing that is known. */
export function prefixOf(bytes: Buffer, start: number, end: number): Prefixed | undefined {
  const first = bytes[start];
  if (first === bytesOf.openBrace || first === bytesOf.open) return undefined;
  const head = bytes.toString('latin1', start, Math.min(end, start + prefixBytes));
  const container = containerLine.exec(head);
  if (container) {
    const [all, at = '', stream, tag = 'F'] = container;
    const kept = `${at}${stream} ${tag} `;
    const partial = tag === 'P';
    return { type: 'text', bodyStart: start + all.length, kept, container: { stream: stream as 'stdout' | 'stderr', partial } };
  }
  const at = timed.exec(head);
  if (at) return { type: 'text', bodyStart: start + at[0].length, kept: at[0] };
  if (encodedLine.test(head)) return { type: 'encoded' };
  return textBefore(bytes, start, end, head);
}

/** Kubernetes' own text format of the audit log: without bodies, and with nothing to rebuild an event from. */
export function isLegacy(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start];
  return (
    first !== bytesOf.openBrace &&
    first !== bytesOf.open &&
    legacyLine.test(bytes.toString('latin1', start, Math.min(end, start + prefixBytes)))
  );
}

/** Any text before an event: the name of a node or a pod, the head of a syslog line. */
function textBefore(bytes: Buffer, start: number, end: number, head: string): Prefixed | undefined {
  for (let at = head.indexOf('{"', 1); at >= 0; at = head.indexOf('{"', at + 1))
    if (startsAsEvent(bytes, start + at, end)) return { type: 'text', bodyStart: start + at, kept: '' };
  return undefined;
}
