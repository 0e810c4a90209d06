import { recordFlags, recordLayout } from '../core/record.ts';
import type { WrittenAs } from '../core/review.ts';
import type { TileInspector } from '../core/tile.ts';
import { tileOf } from '../sources/frames/tile-builder.ts';

/** Stands for a text that could not be masked safely. */
const unmaskable = '[MASKED:note]';

const head = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', stage: 'ResponseComplete', verb: 'update' };

interface Place {
  readonly event: (text: string) => object;
  /** Where the text stands in the event. */
  readonly path: readonly (string | number)[];
}

/** Where free text stands in events: a message, a file, a command. Each has masks that the others do not need. */
const texts: readonly Place[] = [
  {
    event: (message) => ({ ...head, responseStatus: { status: 'Failure', message, code: 422 } }),
    path: ['responseStatus', 'message'],
  },
  {
    event: (text) => ({ ...head, requestObject: { kind: 'ConfigMap', apiVersion: 'v1', data: { 'notes.txt': text } } }),
    path: ['requestObject', 'data', 'notes.txt'],
  },
  {
    event: (text) => ({
      ...head,
      requestObject: { kind: 'Pod', spec: { containers: [{ name: 'c', command: ['sh', '-c', text] }] } },
    }),
    path: ['requestObject', 'spec', 'containers', 0, 'command', 2],
  },
];

const places: Readonly<Record<WrittenAs, readonly Place[]>> = {
  note: texts,
  user: [{ event: (username) => ({ ...head, user: { username } }), path: ['user', 'username'] }],
  name: [{ event: (name) => ({ ...head, objectRef: { resource: 'pods', name } }), path: ['objectRef', 'name'] }],
};

/** A text as masking leaves it, by the policy and the packs of an inspector: for what people write, who paste secrets into notes. */
export async function maskText(inspector: TileInspector, text: string, as: WrittenAs = 'note'): Promise<string> {
  let masked = text;
  for (const place of places[as]) {
    masked = await maskAt(inspector, place, masked);
    if (masked === unmaskable) break;
  }
  return masked;
}

async function maskAt(inspector: TileInspector, { event, path }: Place, text: string): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(event(text)));
  const context = { cluster: '', source: 'notes', stream: '' };
  const [tile] = tileOf([{ bytes, offset: 0, item: 0, covers: bytes.length }], context, 0, false);
  if (!tile) return unmaskable;
  const out = await inspector.inspect(tile);
  const view = new DataView(out.bytes.buffer, out.bytes.byteOffset, out.bytes.byteLength);
  const at = out.offsets[0] ?? 0;
  if (out.count !== 1 || ((out.flags[0] ?? 0) & recordFlags.stub) !== 0) return unmaskable;
  const payload = out.bytes.subarray(at + view.getUint32(at + recordLayout.headerBytes, true), at + (out.lengths[0] ?? 0));
  let value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
  return typeof value === 'string' ? value : unmaskable;
}
