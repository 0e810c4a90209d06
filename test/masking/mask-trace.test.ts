import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { explainMasks } from '../../src/masking/explain-masks.ts';
import type { Engine } from '../../src/pipeline/compose-engine.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { traceEngine } from '../../src/pipeline/trace-engine.ts';
import type { Plan } from '../../src/scan/plan.ts';
import { isStub, maskOne, testKeyRing, tileOf } from '../support/inspect-lines.ts';
import { sharedData } from '../support/shared-data.ts';

const event = (more: object): string => JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', verb: 'update', ...more });

describe('masking/mask-trace', function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    const packFiles = await shippedPacks();
    engine = loadEngine({ policy: 'standard', enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: testKeyRing });
  });

  function traced(text: string) {
    const tile = tileOf([text]);
    return traceEngine(engine, testKeyRing).trace(tile.bytes, tile.starts[0] ?? 0, tile.ends[0] ?? 0);
  }
  const explained = (text: string) => explainMasks(traced(text), engine.plan, engine.policy.packs);
  const paths = (text: string): string[] => explained(text).map(({ path, kind, masked }) => `${path}: ${kind}, ${masked}`);

  it('says where values are, through lists, annotations, YAML and base64', () => {
    const secret = { kind: 'Secret', data: { pw: 'aHVudGVyMnNlY3JldA==' } };
    expect(paths(event({ requestObject: { items: [secret] } }))).to.deep.equal([
      'requestObject.items[0].data.pw: secret-data, value',
    ]);
    const applied = { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret) } } };
    expect(paths(event({ requestObject: applied }))).to.deep.equal([
      'requestObject.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] › data.pw: secret-data, value',
    ]);
    const yaml = { kind: 'ConfigMap', data: { 'app.yaml': 'db:\n  host: a\n  password: quiet-river-9\n' } };
    expect(paths(event({ requestObject: yaml }))[0]).to.match(
      /^requestObject\.data\["app\.yaml"\] › .*db\.password: credential, value$/,
    );
    const message = { responseStatus: { message: 'User "jane-doe" from 203.0.113.7 and 198.51.100.9 cannot get pods' } };
    expect(paths(event(message))).to.deep.equal([
      'responseStatus.message: user, part of the value',
      'responseStatus.message: ip, part of the value',
      'responseStatus.message: ip, part of the value',
    ]);
  });

  it('names rule, pack, action and evidence, and folds equal masks of one place', () => {
    const [one, ...others] = explained(event({ responseStatus: { message: 'from 203.0.113.7 to 203.0.113.7' } }));
    expect(others).to.deep.equal([]);
    expect(one).to.include({ rule: 'ipv4', pack: 'network', kind: 'ip', action: 'pseudonymise', count: 2 });
    expect(one?.evidence.by).to.equal('pattern');
    const [pair] = explained(event({ requestObject: { env: [{ name: 'DB_PASSWORD', value: 'hunter2secret' }] } }));
    expect(pair).to.include({ kind: 'env-secret', shown: '[MASKED:env-secret]' });
    expect(pair?.evidence.says).to.match(/value in \*\* where name is a name of class/);
  });

  it('masks byte for byte what the inspector masks, and never shows a value', function () {
    const lines = readFileSync(sharedData(this, 'data/masking/k8s-generated.jsonl'), 'utf8').trimEnd().split('\n');
    const vectors = lines.map((line) => JSON.parse(line) as { text: string; secrets: string[] });
    let [masked, placed] = [0, 0];
    for (const { text, secrets } of vectors) {
      if (!text.startsWith('{')) continue;
      const line = maskOne(engine, text);
      if (isStub(line)) continue;
      const trace = traced(text);
      expect(Buffer.from(trace.masked).toString()).to.equal(line);
      if (line === text) expect(trace.masks).to.deep.equal([]);
      else {
        masked++;
        if (trace.masks.length > 0) placed++;
        const said = JSON.stringify(explainMasks(trace, engine.plan, engine.policy.packs));
        for (const secret of secrets) if (!line.includes(secret) && secret.length > 5) expect(said).not.to.include(secret);
      }
    }
    expect(masked).to.be.greaterThan(100);
    expect(placed, 'every event that changes is explained').to.equal(masked);
  });

  it('knows every rule of the plan', () => {
    const { maskRules }: Plan = engine.plan;
    const known = new Set(engine.policy.packs.flatMap((pack) => pack.rules.map(({ id }) => id)));
    expect(maskRules.map(({ id }) => id).filter((id) => !known.has(id))).to.deep.equal([]);
  });
});
