import { expect } from 'chai';
import { checkpointsIn, packCheckpoints } from '../../src/proof/published-checkpoints.ts';
import { isCheckpointSigned, writeCheckpoint } from '../../src/proof/signed-note.ts';
import { newSigningKey } from '../support/sealed-log.ts';

describe('proof/published-checkpoints', () => {
  const key = newSigningKey();
  const note = (log: string, size: number): string =>
    writeCheckpoint({ origin: `auditveil/prod/${log}`, size, root: new Uint8Array(32).fill(size) }, key);

  it('finds the last checkpoint of each log in what sinks write', () => {
    const packed = [1, 2].map((size) => packCheckpoints([note('events', size), note('findings', size + 10)]));
    const forms = [
      packed.map((text) => `${JSON.stringify({ evidence: { 'checkpoint.note': [text] } })}\n`).join(''),
      packed.map((text) => `<134>1 - - - - - [x note="${text}"] msg\n`).join(''),
      `"time","note"\r\n${packed.map((text) => `"x",${text}\r\n`).join('')}`,
    ];
    for (const form of forms) {
      const found = checkpointsIn(form) ?? [];
      expect(found.map(({ origin, size }) => [origin, size])).to.deep.equal([
        ['auditveil/prod/events', 2],
        ['auditveil/prod/findings', 12],
      ]);
      expect(found.every((one) => isCheckpointSigned(one, [key.publicPem]))).to.equal(true);
    }
  });

  it('reads notes as they are, and finds nothing in other text', () => {
    expect(checkpointsIn(note('events', 3))?.[0]?.size).to.equal(3);
    for (const text of ['', 'x', 'A'.repeat(400), Buffer.from('auditveil/x\n1\n'.repeat(20)).toString('base64')])
      expect(checkpointsIn(text)).to.equal(undefined);
  });
});
