import type { SinkContext } from '../../src/core/sink-context.ts';

/** What a sink is given in tests; `notices` collects what it said. */
export function testSinkContext(notices: string[] = [], more: Partial<SinkContext> = {}): SinkContext {
  return {
    cluster: 'lab',
    product: { name: 'Auditveil', version: '0.0.0-test' },
    clock: { nowMs: () => Date.now() },
    signal: new AbortController().signal,
    notice: (text) => void notices.push(text),
    ...more,
  };
}
