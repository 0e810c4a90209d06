import { PassThrough, Readable } from 'node:stream';
import { expect } from 'chai';
import { StdinSource } from '../../src/sources/stdin.ts';
import { eventsOf } from './frames/framing.ts';

const source = (stdin: Readable) => new StdinSource({ cluster: 'c', name: 'in', clock: { nowMs: () => 1 }, stdin });

describe('sources/stdin', () => {
  it('hands over the events of standard input to its end', async () => {
    const seen: string[] = [];
    for await (const { tile, settle } of source(Readable.from([Buffer.from('{"a":1}\n{"a"'), Buffer.from(':2}\n')])).deliveries(
      new AbortController().signal,
    )) {
      seen.push(...eventsOf([tile]).map((event) => event.text));
      expect(tile.context).to.deep.equal({ cluster: 'c', source: 'in', stream: 'stdin' });
      settle({ status: 'delivered' });
    }
    expect(seen).to.deep.equal(['{"a":1}', '{"a":2}']);
  });

  it('stops while it waits for the next byte', async () => {
    const stop = new AbortController();
    const stdin = new PassThrough();
    stdin.write('{"a":1}\n');
    let count = 0;
    for await (const { settle } of source(stdin).deliveries(stop.signal)) {
      count++;
      settle({ status: 'delivered' });
      setTimeout(() => stop.abort(), 20);
    }
    expect(count).to.equal(1);
  });
});
