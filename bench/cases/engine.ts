import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import type { PolicyId } from '../../src/masking/policy.ts';
import { type Engine, loadEngine } from '../../src/pipeline/engine.ts';
import { kernelModule } from '../../src/pipeline/load-files.ts';
import { writePatterns } from '../generate/patterns.ts';
import { writeKeywordRules, writeRules } from '../generate/rules.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function filesIn(folder: string): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => ({ file: path.join(folder, name), text: readFileSync(path.join(root, folder, name), 'utf8') }));
}

/** A fixed key, so that every run does the same work. */
const keyRing = parseKeyFile(formatKeyFile(new Uint8Array(32).fill(7), '2026-01-01T00:00:00Z', 'bench'), 'bench');

/**
 * `bare`: no masks, no rules. `masks`: the shipped packs; `all-kinds`: also what is off by default in them; `more-patterns`: and fifty
 * patterns more. `standard`: the shipped packs and detectors, as `run` has them. A number: the shipped packs and that many generated
 * rules; `keywords`: a hundred that search whole events.
 */
export type BenchContent = 'bare' | 'masks' | 'all-kinds' | 'more-patterns' | 'standard' | 'keywords' | number;

export async function benchEngine(content: BenchContent, policy: PolicyId = 'standard'): Promise<Engine> {
  const kernel = await kernelModule();
  const detectors = filesIn('detectors');
  const mapping = detectors.find(({ file }) => file === path.join('detectors', 'fields.yml'));
  return loadEngine({
    policy,
    enable: content === 'all-kinds' ? ['all'] : [],
    keepUsers: [],
    packFiles: packsOf(content),
    ruleFiles: rulesOf(
      content,
      detectors.filter((file) => file !== mapping),
    ),
    ...(mapping && { mapping: parseFieldMapping(mapping.file, mapping.text) }),
    keyRing,
    ...(kernel && { kernel }),
  });
}

function packsOf(content: BenchContent): RuleFiles {
  if (content === 'bare') return [];
  const shipped = filesIn('masks');
  return content === 'more-patterns' ? [...shipped, { file: 'generated.yml', text: writePatterns(50) }] : shipped;
}

type RuleFiles = readonly { readonly file: string; readonly text: string }[];

function rulesOf(content: BenchContent, detectors: RuleFiles): RuleFiles {
  if (typeof content === 'number') return content === 0 ? [] : [{ file: 'generated.yml', text: writeRules(content) }];
  if (content === 'keywords') return [{ file: 'generated.yml', text: writeKeywordRules(100) }];
  return content === 'standard' ? detectors : [];
}
