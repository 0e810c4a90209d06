import type { FindingItem } from '../../src/web/api.ts';

interface StreamEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** What came on a stream of server-sent events so far. Reads on until `stop` aborts or the other end closes. */
export function readStream(response: Response, stop: AbortController) {
  const events: StreamEvent[] = [];
  let over = false;
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        events.push(...parts.map(parse));
      }
    } catch {
      // Aborted.
    }
    over = true;
  };
  const done = read();
  return {
    names: () => events.map(({ name }) => name),
    findings: () => events.filter(({ name }) => name === 'finding').map(({ data }) => (data as FindingItem).finding.id),
    of: (wanted: string) => events.filter(({ name }) => name === wanted).map(({ data }) => data),
    lastId: () => events.findLast(({ id }) => id !== undefined)?.id ?? '',
    isOver: () => over,
    end: () => {
      stop.abort();
      return done;
    },
  };
}

function parse(block: string): StreamEvent {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return { name: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? 'null') as unknown };
}
