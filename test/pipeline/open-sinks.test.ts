import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { openSinks } from '../../src/pipeline/open-sinks.ts';

describe('pipeline/open-sinks', () => {
  const { signal } = new AbortController();
  const away = new Fault('it is away', { code: 'E_AWAY', retryable: true });
  const mistake = new Fault('no such option', { code: 'E_MISTAKE' });
  const opening = (name: string, result: Promise<void>) => ({ name, sink: { open: () => result } });

  it('does not wait for servers that are away or slow', async () => {
    const notices: string[] = [];
    let late: (fault: Fault) => void = () => undefined;
    const slow = new Promise<void>((_, reject) => {
      late = reject;
    });
    const sinks = [opening('good', Promise.resolve()), opening('away', Promise.reject(away)), opening('slow', slow)];
    const openings = await openSinks(sinks, signal, (text) => void notices.push(text), 50);
    late(mistake);
    expect(await Promise.all(openings)).to.deep.equal([undefined, away, mistake]);
    expect(notices).to.deep.equal(['sink away: it cannot be opened: it is away (E_AWAY). It is tried again.']);
  });

  it('ends the start where an option is wrong', async () => {
    const sinks = [opening('wrong', Promise.reject(mistake)), opening('slow', new Promise<void>(() => undefined))];
    expect(await openSinks(sinks, signal, () => undefined, 50).catch((error: unknown) => error)).to.equal(mistake);
  });
});
