import { expect } from 'chai';
import { type ProofFailure, type ProvenFact, verifyProof } from '../../src/export/verify-proof.ts';
import { checkChain } from '../../src/proof/check-chain.ts';
import { findRecords } from '../../src/proof/find-record.ts';
import { growthPath, merkleRoot } from '../../src/proof/merkle.ts';
import { type GrowthProof, type RecordProof, toHex } from '../../src/proof/proof-document.ts';
import { proveRecord } from '../../src/proof/prove-record.ts';
import { readCheckpoints, writeCheckpoint } from '../../src/proof/signed-note.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { fill, newSigningKey, openSealed } from '../support/sealed-log.ts';

describe('export/verify-proof', () => {
  const key = newSigningKey();
  const fs = new FaultFs();
  let proof: RecordProof;
  let growth: GrowthProof;
  before(async () => {
    const { log, sealer } = await openSealed(fs, key);
    for (let part = 0; part < 5; part++) {
      await fill(log, part * 7, part * 7 + 7);
      await sealer.tick();
    }
    await sealer.finish();
    await log.close();
    const chain = await checkChain(fs, 'd', 'events', [key.publicPem]);
    const note = (size: number): string =>
      writeCheckpoint({ origin: 'auditveil/test/events', size, root: merkleRoot(chain.leaves.slice(0, size)) }, key);
    const [record] = await findRecords(fs, 'd', (await ids())[17] ?? '', () => undefined);
    if (!record) throw new Error('there is no such record');
    const size = chain.leaves.length;
    proof = await proveRecord({
      ...{ fs, directory: 'd', log: 'events', chain, record, introductions: [] },
      checkpoint: { text: note(size), size },
    });
    growth = {
      ...{ format: 'auditveil.proof/1', kind: 'growth', log: 'events', from: note(3), to: note(size), keys: [] },
      path: growthPath(chain.leaves, 3).map(toHex),
    };
  });

  /** Digests of all events, in order. */
  async function ids(): Promise<readonly string[]> {
    const { recordLayout } = await import('../../src/core/record.ts');
    const found: string[] = [];
    for (const path of fs
      .paths()
      .filter((name) => name.endsWith('.seg'))
      .sort()) {
      const bytes = Buffer.from(fs.contents(path));
      for (let at = 64; at < bytes.length; at += bytes.readUInt32LE(at))
        if (bytes[at + recordLayout.type] === 1) found.push(bytes.toString('hex', at + 16, at + 32));
    }
    return found;
  }

  const verify = (value: object, keys = [key.publicPem]): ProvenFact | ProofFailure => verifyProof(JSON.stringify(value), keys);

  it('holds from the record up to the checkpoint, and shows the record', () => {
    const result = verify(proof);
    expect(result).to.include({ text: proof.record });
    expect(proof.record).to.include('"id":17');
    const notes = readCheckpoints(proof.checkpoint) ?? [];
    expect(verifyProof(JSON.stringify(proof), [key.publicPem], notes)).to.have.property('fact');
    const other = readCheckpoints(growth.from) ?? [];
    expect(verifyProof(JSON.stringify(proof), [key.publicPem], other)).to.include({ place: 'the checkpoint' });
  });

  it('does not hold where any part of it is another', () => {
    const block = Buffer.from(proof.block, 'base64');
    block[block.length - 3] = (block[block.length - 3] ?? 0) ^ 1;
    const changes: readonly Partial<Record<keyof RecordProof, unknown>>[] = [
      { record: proof.record.replace('17', '18') },
      { record: '' },
      { record: undefined },
      { record: proof.record.slice(1), offset: proof.offset + 1 },
      { record: proof.record.slice(0, -1) },
      { offset: proof.offset - 1 },
      { offset: -1 },
      { offset: undefined },
      { block: block.toString('base64') },
      { index: proof.index + 1 },
      { path: ['00'.repeat(32), ...proof.path] },
      { document: proof.document.replace('"records":', '"records":1') },
      { signature: proof.signature.replace('"key":"', '"key":"0') },
      { digestPath: proof.digestPath.slice(1) },
      { checkpoint: growth.from },
      { checkpoint: proof.checkpoint.replace(/\n\d+\n/, '\n4\n') },
      { format: 'auditveil.proof/2' },
      { keys: undefined },
    ];
    for (const change of changes)
      expect(verify({ ...proof, ...change }), JSON.stringify(change).slice(0, 60)).to.have.property('place');
    expect(verify(proof, [newSigningKey().publicPem])).to.include({ place: `digest ${proof.number}` });
    for (const text of ['', '[]', 'null', '{"format":"auditveil.proof/1"}'])
      expect(verifyProof(text, [key.publicPem])).to.deep.equal({ place: 'the proof', what: 'it is none' });
  });

  it('shows that a log grew, and not that another one did', () => {
    expect(verify(growth)).to.have.property('fact');
    for (const change of [
      { from: growth.to, to: growth.from },
      { path: growth.path.slice(1) },
      { path: [...growth.path, '00'.repeat(32)] },
    ])
      expect(verify({ ...growth, ...change })).to.have.property('place');
    const forged = writeCheckpoint({ origin: 'auditveil/test/events', size: 3, root: new Uint8Array(32) }, key);
    expect(verify({ ...growth, from: forged })).to.include({ place: 'the later checkpoint' });
  });
});
