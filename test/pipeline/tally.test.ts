import { expect } from 'chai';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { Tally } from '../../src/pipeline/tally.ts';
import { latestEventTimeUs, TileRecords } from '../../src/pipeline/tile-records.ts';
import { maskActions } from '../../src/scan/plan.ts';
import { auditEvent, listPodsRule } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

describe('pipeline/tally', () => {
  it('counts events, stubs by reason, matches and masked values by kind and action as the records say', async () => {
    const engine = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles: await shippedPacks(),
      ruleFiles: [{ file: 'r.yml', text: listPodsRule }],
      keyRing: fixedKeyRing(),
    });
    const tally = new Tally(engine.plan.kinds, maskActions);
    const records = new TileRecords(1000);
    const wanted = new Map<string, number>();
    const again = auditEvent();
    for (const texts of [
      [again, '{"broken', auditEvent({ verb: 'get' })],
      [again, auditEvent({ requestObject: { kind: 'Secret', stringData: { a: 'b1', c: 'd1' } } })],
    ]) {
      const tile = engine.inspector.inspect(tileOfTexts(texts));
      tally.add(tile);
      for (const { record } of records.of(tile, 0))
        for (const { kind, action, count } of record.masks)
          wanted.set(`${kind} ${action}`, (wanted.get(`${kind} ${action}`) ?? 0) + count);
      expect(latestEventTimeUs(tile)).to.be.greaterThan(1e15);
    }
    expect([tally.events, tally.stubs, tally.matches]).to.deep.equal([5, 1, 3]);
    expect([...tally.stubsByReason()]).to.deep.equal([['not-json', 1]]);
    const masks = new Map(tally.masks().map(({ kind, action, count }) => [`${kind} ${action}`, count]));
    expect(masks.get('secret-data redact')).to.equal(2);
    expect(masks.get('user pseudonymise')).to.equal(4);
    expect(tally.maskedValues).to.equal([...masks.values()].reduce((sum, count) => sum + count, 0));
    expect(records.repeats).to.equal(1);
    // Records without a match are not decoded, and a repeat is not either: theirs are the values that are missing.
    for (const [name, count] of wanted) expect(masks.get(name) ?? 0, name).to.be.at.least(count);
  });
});
