import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configSchema } from '../../src/config/schema.ts';
import type { Finding } from '../../src/core/finding.ts';
import { makeCertificates } from '../../src/crypto/certificate-authority.ts';
import { SourceSupervision } from '../../src/pipeline/supervise-sources.ts';

const dayMs = 86_400_000;

describe('pipeline/supervise-sources', () => {
  let folder: string;
  let nowMs: number;
  let received: number;
  let made: Finding[];
  let isFull: boolean;
  let supervision: SourceSupervision;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-sources-'));
    nowMs = Date.parse('2026-05-04T09:00:00Z');
    [received, made, isFull] = [0, [], false];
    const now = new Date(nowMs);
    const { server, authority } = await makeCertificates({
      ...{ authorityName: 'a', serverNames: ['localhost'], clientName: 'c', authorityDays: 3650, leafDays: 100 },
      now,
    });
    writeFileSync(join(folder, 'server.crt'), server.certificate);
    writeFileSync(join(folder, 'ca.crt'), authority.certificate);
    const tls = { certFile: join(folder, 'server.crt'), keyFile: '/none', clientCaFile: join(folder, 'ca.crt') };
    const config = configSchema.parse({
      version: 1,
      cluster: { name: 'prod' },
      sources: [{ type: 'webhook', name: 'hook', tls }, { type: 'stdin' }],
    });
    supervision = new SourceSupervision({
      config,
      identify: (text) => `id of ${text}`,
      meter: { found: () => undefined, received: () => received },
      findings: {
        append: async () => {
          if (isFull) throw new Error('full');
        },
      },
      clock: { nowMs: () => nowMs },
      found: async (findings) => void made.push(...findings),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const look = async (afterMs = 0): Promise<readonly string[]> => {
    nowMs += afterMs;
    made = [];
    await supervision.look();
    return made.map(({ rule }) => `${rule.id} ${rule.severity}`);
  };

  it('makes a finding of a silence, once, and says for how long nothing came', async () => {
    received = 5;
    expect(await look(1_000)).to.deep.equal([]);
    expect(await look(14 * 60_000)).to.deep.equal([]);
    expect(await look(2 * 60_000)).to.deep.equal(['auditveil.source-silent medium']);
    expect(made[0]?.evidence).to.deep.include({ 'source.name': ['hook'], 'source.silentSeconds': ['960'] });
    expect(await look(60_000)).to.deep.equal([]);
    expect(supervision.silences()).to.deep.equal([{ value: 1020, labels: { source: 'hook' } }]);
  });

  it('tries a finding again that the findings log did not take', async () => {
    isFull = true;
    expect(await look(20 * 60_000)).to.deep.equal([]);
    isFull = false;
    expect(await look(5_000)).to.deep.equal(['auditveil.source-silent medium']);
  });

  it('warns of a certificate a month before it ends, and again a week before', async () => {
    const silent = 'auditveil.source-silent medium';
    expect(await look()).to.deep.equal([]);
    expect(await look(60 * dayMs)).to.deep.equal([silent]);
    expect(await look(11 * dayMs)).to.deep.equal(['auditveil.certificate-ending medium']);
    expect(await look(dayMs)).to.deep.equal([]);
    expect(await look(22 * dayMs)).to.deep.equal(['auditveil.certificate-ending high']);
    expect(await look(10 * dayMs)).to.deep.equal([]);
    const ends = new Map(supervision.certificates().map(({ value, labels }) => [labels?.['certificate'], value]));
    expect(ends.get('server')).to.equal(Date.parse('2026-08-12T09:00:00Z') / 1000);
    expect(ends.get('client-authority')).to.be.greaterThan(ends.get('server') as number);
  });
});
