import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compilePlan } from '../../../src/compile/compile-plan.ts';
import { limits } from '../../../src/core/limits.ts';
import { formatKeyFile, type KeyRing, parseKeyFile } from '../../../src/crypto/key-ring.ts';
import { sha256Hex } from '../../../src/crypto/sha256.ts';
import { loadPacks } from '../../../src/masking/load-pack.ts';
import { KeyedMaskTexts } from '../../../src/masking/mask-texts.ts';
import type { Pack } from '../../../src/masking/pack.ts';
import { applyPolicy, type PolicyOptions } from '../../../src/masking/policy.ts';
import { gzip } from '../../../src/pipeline/gzip.ts';
import { createScanner } from '../../../src/scan/create-scanner.ts';

export const testRing: KeyRing = parseKeyFile(
  formatKeyFile(
    Uint8Array.from({ length: 32 }, (_, i) => 200 - i),
    '2026-01-02T03:04:05Z',
    'test',
  ),
  'keys.json',
);

/** The packs shipped in masks/. */
export function shippedPacks(): readonly Pack[] {
  const files = readdirSync('masks').filter((file) => file.endsWith('.yml'));
  return loadPacks(files.map((file) => ({ file: `masks/${file}`, text: readFileSync(`masks/${file}`, 'utf8') })));
}

export const standard: PolicyOptions = { policy: 'standard', enable: [], keepUsers: [] };

/** A function that masks one line by a policy, or gives `undefined` where the line would become a stub. */
export function lineMasker(packs: readonly Pack[], options: PolicyOptions = standard): (line: string) => string | undefined {
  const scan = lineScanner(packs, options);
  return (line) => scan(line)?.masked;
}

/** A function that says which rules mask something in a line. */
export function rulesAtWork(packs: readonly Pack[], options: PolicyOptions = standard): (line: string) => readonly string[] {
  const scan = lineScanner(packs, options);
  return (line) => scan(line)?.rules ?? [];
}

interface ScannedLine {
  readonly masked: string;
  readonly rules: readonly string[];
}

function lineScanner(packs: readonly Pack[], options: PolicyOptions): (line: string) => ScannedLine | undefined {
  const policy = applyPolicy(packs, options);
  const digest = (text: string): string => sha256Hex(text).slice(0, 32);
  const plan = compilePlan({ packs: policy.packs, fields: [], rules: [], correlations: [], digest });
  const rules = plan.maskRules.map((rule) => ({ ...rule, kind: plan.kinds[rule.kind]! }));
  const scanner = createScanner(plan, new KeyedMaskTexts(rules, testRing), 1, undefined, gzip);
  return (line) => {
    const text = Buffer.from(line);
    const bytes = Buffer.concat([text, Buffer.alloc(limits.tilePaddingBytes)]);
    const { fault, edits, counts } = scanner.scan(bytes, 0, text.length);
    if (fault !== 0) return undefined;
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < edits.count; i++) {
      parts.push(text.subarray(at, edits.starts[i]), edits.texts[i]!);
      at = edits.ends[i]!;
    }
    const masked = Buffer.concat([...parts, text.subarray(at)]).toString();
    return { masked, rules: rules.filter((_, i) => (counts[i] ?? 0) > 0).map((rule) => rule.id) };
  };
}

/** Lines of a file beside the project, or `undefined` where it is not there; in CI it must be. */
export function sharedLines(file: string): readonly string[] | undefined {
  if (!existsSync(file) && process.env['CI'] !== 'true') return undefined;
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
