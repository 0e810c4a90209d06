import { expect } from 'chai';
import { stdoutSink } from '../../../src/config/sinks/stdout.ts';
import { StdoutSink } from '../../../src/sinks/stdout/stdout-sink.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch } from '../contract-records.ts';
import { sinkContract } from '../sink-contract.ts';

const broken = Object.assign(new Error('PLANTED'), { code: 'EPIPE' });

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/stdout/stdout-sink',
    async () => {
      let taken: string[] = [];
      let isGone = false;
      return {
        make: () =>
          new StdoutSink(stdoutSink.options.parse({ type: 'stdout', content }), testSinkContext(), async (bytes) => {
            if (isGone) throw broken;
            taken.push(Buffer.from(bytes).toString());
            return bytes.length;
          }),
        received: async () => taken,
        forget: async () => {
          taken = [];
        },
        fail: async () => {
          isGone = true;
        },
        recover: async () => {
          isGone = false;
        },
        close: async () => undefined,
      };
    },
    { content },
  );

describe('sinks/stdout/stdout-sink', () => {
  it('goes on where a pipe took only a part, or nothing for the moment', async () => {
    const taken: Uint8Array[] = [];
    let calls = 0;
    const sink = new StdoutSink(stdoutSink.options.parse({ type: 'stdout' }), testSinkContext(), async (bytes) => {
      if (calls++ % 3 === 1) throw Object.assign(new Error('busy'), { code: 'EAGAIN' });
      const part = bytes.slice(0, 1_000);
      taken.push(part);
      return part.length;
    });
    await sink.write(contractBatch('findings', 0, 5), new AbortController().signal);
    const lines = Buffer.concat(taken).toString().split('\n');
    expect(lines).to.have.length(6);
    expect(lines.slice(0, 5).map((line) => (JSON.parse(line) as { id: string }).id)).to.deep.equal([
      ...['contract-000000', 'contract-000001', 'contract-000002', 'contract-000003', 'contract-000004'],
    ]);
  });
});
