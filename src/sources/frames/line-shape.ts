import type { LeftOut } from '../../core/left-out.ts';
import type { StubReason } from '../../core/tile.ts';
import { type DockerLine, decodeText, dockerLineOf } from './docker-line.ts';
import { shapeOf, type TextShape, wholeReason } from './event-list.ts';
import { bytesOf, skipSpace, skipValue } from './json-walk.ts';
import { isLegacy, type Prefixed, prefixOf } from './line-prefix.ts';
import { openEncoded, roleOfObject } from './open-wrapper.ts';
import type { OpenedEvent } from './opened-event.ts';
import { type JoinedLine, PartialLines } from './partial-lines.ts';
import type { Span } from './wrapper-members.ts';

/** What one line is for its framer. `kept` is a prefix that may stand before the event in an output. */
export type LineShape =
  /** Nothing to hand on now: a part of a line, or other output of a container. */
  | { readonly type: 'nothing' }
  /** Its bytes stay where they are. */
  | { readonly type: 'event'; readonly at: Span; readonly reason: StubReason; readonly kept: string }
  | { readonly type: 'list'; readonly spans: readonly number[] }
  /** In buffers of their own. `offset` is that of the first part of a line that was cut. */
  | { readonly type: 'wrapped'; readonly events: readonly OpenedEvent[]; readonly offset?: number; readonly kept: string };

const nothing: LineShape = { type: 'nothing' };

/**
 * Tells what stands in a line: an event, a list, a wrapper, with or without a prefix, or a part of a line that a
 * container runtime cut. `whole`: for an output that keeps the input's shape; lines stay lines, and parts are joined in
 * the last one, so that nothing is masked by halves.
 */
export class LineShaper {
  readonly #lists: 'split' | 'whole';
  readonly #partials = new PartialLines();

  readonly #leftOut: LeftOut;

  constructor(lists: 'split' | 'whole', leftOut: LeftOut = () => undefined) {
    this.#lists = lists;
    this.#leftOut = leftOut;
  }

  /** Offset of the first byte of a line whose last part did not come yet. */
  get pendingOffset(): number | undefined {
    return this.#partials.firstOffset;
  }

  shape(bytes: Buffer, start: number, end: number, offset: number): LineShape {
    const at = skipSpace(bytes, start, end);
    const prefixed = prefixOf(bytes, at, end);
    if (prefixed) return this.#prefixed(bytes, { start: at, end }, prefixed, offset);
    const docker = dockerLineOf(bytes, at, end);
    if (docker) return this.#docker(bytes, { start, end }, docker, offset);
    return this.#plain(bytes, { start, end }, '');
  }

  /** Where the JSON of a line begins. */
  bodyStart(bytes: Buffer, start: number, end: number): number {
    const prefixed = prefixOf(bytes, start, end);
    return prefixed?.type === 'text' ? prefixed.bodyStart : start;
  }

  /** Lines whose last part did not come before the end. */
  finish(): readonly (LineShape & { readonly type: 'wrapped' })[] {
    return this.#partials.finish().map((line) => wrapped([{ bytes: line.bytes, reason: 'torn' }], line));
  }

  #plain(bytes: Buffer, at: Span, kept: string): LineShape {
    if (isLegacy(bytes, at.start, at.end)) return { type: 'event', at, reason: 'unsupported-format', kept };
    const documents = documentsOf(bytes, at);
    if (this.#lists === 'whole') {
      if (documents) return { type: 'list', spans: documents };
      return { type: 'event', at, reason: wholeReason(bytes, at.start, at.end), kept };
    }
    const shape = documents ? shapesOf(bytes, documents, this.#leftOut) : shapeOf(bytes, at.start, at.end, this.#leftOut);
    if (shape.type === 'event') return { type: 'event', at, reason: 'none', kept };
    return shape.type === 'wrapped' ? { ...shape, kept } : shape;
  }

  #prefixed(bytes: Buffer, line: Span, prefixed: Prefixed, offset: number): LineShape {
    if (prefixed.type === 'encoded')
      return { type: 'wrapped', events: openEncoded(bytes.toString('latin1', line.start, line.end), this.#leftOut), kept: '' };
    const body = { start: prefixed.bodyStart, end: line.end };
    const { container, kept } = prefixed;
    if (!container) {
      if (kept === '') this.#leftOut('text-before-event');
      return this.#plain(bytes, body, kept);
    }
    const { stream, partial } = container;
    const text = bytes.subarray(body.start, body.end);
    if (partial) {
      this.#partials.add(stream, text, offset, `${kept}\n`);
      return nothing;
    }
    if (this.#partials.has(stream)) return this.#joined(this.#partials.end(stream, text, offset, kept), stream);
    if (this.#isOther(bytes, body, stream)) return this.#other();
    return this.#plain(bytes, body, kept);
  }

  #docker(bytes: Buffer, line: Span, docker: DockerLine, offset: number): LineShape {
    const { stream, text } = docker;
    const raw = bytes.subarray(text.start, text.end);
    const isPending = this.#partials.has(stream);
    if (!isPending && docker.isWhole) return this.#dockerWhole(bytes, line, docker);
    if (!docker.ends) {
      this.#partials.add(stream, raw, offset, '');
      if (this.#lists === 'split') return nothing;
      const empty = Buffer.concat([bytes.subarray(line.start, text.start), bytes.subarray(text.end, line.end)]);
      return { type: 'wrapped', events: [{ bytes: empty, reason: 'none' }], kept: '' };
    }
    const joined = this.#partials.end(stream, raw, offset, '');
    if (this.#lists === 'whole') {
      const all = Buffer.concat([bytes.subarray(line.start, text.start), joined.bytes, bytes.subarray(text.end, line.end)]);
      return wrapped([{ bytes: all, reason: joined.isTooBig ? 'too-big' : 'none' }], joined);
    }
    const decoded = decodeText(joined.bytes);
    if (!decoded) return wrapped([{ bytes: joined.bytes, reason: joined.isTooBig ? 'too-big' : 'not-json' }], joined);
    return this.#joined({ ...joined, bytes: decoded }, stream);
  }

  #dockerWhole(bytes: Buffer, line: Span, { stream, text }: DockerLine): LineShape {
    if (this.#lists === 'whole') return { type: 'event', at: line, reason: 'none', kept: '' };
    const decoded = decodeText(bytes.subarray(text.start, text.end));
    if (!decoded) return { type: 'event', at: line, reason: 'not-json', kept: '' };
    return this.#decoded(decoded, stream, {});
  }

  #joined(line: JoinedLine, stream: string): LineShape {
    if (line.isTooBig) return wrapped([{ bytes: line.bytes, reason: 'too-big' }], line);
    return this.#decoded(line.bytes, stream, line);
  }

  /** A whole text in a buffer of its own. */
  #decoded(bytes: Buffer, stream: string, from: { readonly offset?: number; readonly kept?: string }): LineShape {
    const all = { start: 0, end: bytes.length };
    if (this.#isOther(bytes, all, stream)) return this.#other();
    const shape = this.#plain(bytes, all, '');
    if (shape.type === 'wrapped') return wrapped(shape.events, from);
    if (shape.type === 'event') return wrapped([{ bytes, reason: shape.reason }], from);
    if (shape.type === 'nothing') return nothing;
    return wrapped(
      pairs(shape.spans).map(({ start, end }) => ({ bytes: bytes.subarray(start, end), reason: 'none' })),
      from,
    );
  }

  #other(): LineShape {
    this.#leftOut('standard-error');
    return nothing;
  }

  /** kube-apiserver writes its audit log to standard output; what else a container says on the other stream is no event. */
  #isOther(bytes: Buffer, { start, end }: Span, stream: string): boolean {
    if (this.#lists === 'whole' || stream !== 'stderr') return false;
    const first = bytes[skipSpace(bytes, start, end)];
    return first !== bytesOf.openBrace && first !== bytesOf.open;
  }
}

function wrapped(
  events: readonly OpenedEvent[],
  from: { readonly offset?: number; readonly kept?: string },
): LineShape & { readonly type: 'wrapped' } {
  const { offset, kept = '' } = from;
  return { type: 'wrapped', events, kept, ...(offset === undefined ? {} : { offset }) };
}

/** Wrappers that a delivery service wrote one after another without line ends; undefined where there is one at most. */
function documentsOf(bytes: Buffer, { start, end }: Span): readonly number[] | undefined {
  const at = skipSpace(bytes, start, end);
  if (bytes[at] !== bytesOf.openBrace || roleOfObject(bytes, at, end).type === 'event') return undefined;
  const spans: number[] = [];
  for (let from = at; from < end; ) {
    const after = bytes[from] === bytesOf.openBrace ? skipValue(bytes, from, end) : -1;
    if (after < 0) return undefined;
    spans.push(from, after);
    from = skipSpace(bytes, after, end);
  }
  return spans.length > 2 ? spans : undefined;
}

function shapesOf(bytes: Buffer, spans: readonly number[], leftOut: LeftOut): TextShape {
  const events = pairs(spans).flatMap(({ start, end }): readonly OpenedEvent[] => {
    const shape = shapeOf(bytes, start, end, leftOut);
    if (shape.type === 'wrapped') return shape.events;
    const parts = shape.type === 'list' ? pairs(shape.spans) : [{ start, end }];
    return parts.map((part) => ({ bytes: Buffer.from(bytes.subarray(part.start, part.end)), reason: 'none' }));
  });
  return { type: 'wrapped', events };
}

function pairs(spans: readonly number[]): readonly Span[] {
  const found: Span[] = [];
  for (let i = 0; i < spans.length; i += 2) found.push({ start: spans[i] ?? 0, end: spans[i + 1] ?? 0 });
  return found;
}
