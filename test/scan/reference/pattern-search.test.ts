import { expect } from 'chai';
import fc from 'fast-check';
import { loadEngine } from '../../../src/pipeline/engine.ts';
import { shippedPacks } from '../../../src/pipeline/load-files.ts';
import { createScanner } from '../../../src/scan/create-scanner.ts';
import type { Plan } from '../../../src/scan/plan.ts';
import type { Scanner } from '../../../src/scan/scanner.ts';
import { testKeyRing } from '../../support/inspect-lines.ts';
import { outcome, ruleTexts } from '../../support/scan-outcome.ts';

const lines = [
  'password: hunter2-Zx81',
  'password=hunter2-Zx81',
  'called from 192.0.2.7 and 2001:db8::7 by alice@example.com',
  'timeout: 30s',
  'AKIAIOSFODNN7EXAMPLE',
  'AKIAIOSFODNN7EXAMPLE\r',
  'secret',
  '  wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  '[MASKED:email:1a2b:0123456789abcdef]',
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
  '-----END PRIVATE KEY-----',
  'url: https://bob:pa55@example.com/x?token=Zx81Zx81Zx81Zx81',
  'user alice on >hunter2-Zx81 ~* +@all',
  '4111 1111 1111 1111',
  'é password: hunter2',
  '',
  `${'x'.repeat(300)} password=hunter2-Zx81`,
];

describe('scan/reference/pattern-search', () => {
  let plan: Plan;
  let seasoned: Scanner;

  before(async () => {
    ({ plan } = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles: await shippedPacks(),
      ruleFiles: [],
      keyRing: testKeyRing,
    }));
    seasoned = createScanner(plan, ruleTexts, 5);
  });

  it('finds in a line that it knows what it finds in a new one, wherever it stands in a text', () => {
    const end = fc.constantFrom('', '\n');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { minLength: 3, maxLength: 12 }), end, (some, last) => {
        const note = `${'-'.repeat(130)}\n${some.join('\n')}${last}`;
        const bytes = Uint8Array.from(Buffer.from(JSON.stringify({ kind: 'Event', requestObject: { note } })));
        const fresh = outcome(createScanner(plan, ruleTexts, 9), bytes);
        for (let round = 0; round < 2; round++) expect(outcome(seasoned, bytes)).to.deep.equal(fresh);
      }),
      { numRuns: 60 },
    );
  });

  it('masks an address in each of many lines that are the same', () => {
    const note = 'called from 192.0.2.7 here\n'.repeat(40);
    const bytes = Uint8Array.from(Buffer.from(JSON.stringify({ kind: 'Event', requestObject: { note } })));
    for (let round = 0; round < 2; round++) {
      const { edits } = outcome(seasoned, bytes) as { edits: unknown[] };
      expect(edits.length).to.equal(40);
    }
  });
});
