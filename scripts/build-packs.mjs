// Loads the shipped mask packs once and writes them without examples, and the plans that the shipped packs and rules
// compile to, and their expressions taken apart, so that starting needs neither YAML nor checks nor a compiler.
// usage: node scripts/build-packs.mjs [OUT_DIR], after tsc
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildStep, filesBelow, modulesBelow } from './up-to-date.mjs';

const out = path.resolve(process.argv[2] ?? 'dist', 'src');
const load = (file) => import(pathToFileURL(path.join(out, file)).href);
const modules = [
  'compile/compile-plan.js',
  'compile/plan-file.js',
  'crypto/key-ring.js',
  'crypto/sha256.js',
  'detection/load-rules.js',
  'masking/load-pack.js',
  'masking/policy.js',
  'pipeline/built-plans.js',
  'pipeline/built-rules.js',
  'pipeline/compose-engine.js',
  'pipeline/load-files.js',
  'scan/pattern.js',
  'scan/regex/program-tables.js',
];
const programs = path.join(out, 'programs.bin');

async function build() {
  const { compilePlan } = await load('compile/compile-plan.js');
  const { encodePlan, encodeTables } = await load('compile/plan-file.js');
  const { formatKeyFile, parseKeyFile } = await load('crypto/key-ring.js');
  const { sha256Hex } = await load('crypto/sha256.js');
  const { loadRules } = await load('detection/load-rules.js');
  const { loadPacks } = await load('masking/load-pack.js');
  const { applyPolicy, policyIds } = await load('masking/policy.js');
  const { builtPlanFile } = await load('pipeline/built-plans.js');
  const { builtRulesText } = await load('pipeline/built-rules.js');
  const { composeEngine, noRules, planInput } = await load('pipeline/compose-engine.js');
  const { packsKey, shippedMapping, shippedMappingText, shippedPacks, shippedRules } = await load('pipeline/load-files.js');
  const { knownExpressions } = await load('scan/pattern.js');
  const { compileTables } = await load('scan/regex/program-tables.js');

  const files = await shippedPacks();
  const loaded = loadPacks(files);
  const packs = loaded.map((pack) => ({ ...pack, examples: [] }));
  writeFileSync(path.join(out, 'packs.json'), JSON.stringify({ key: packsKey(files), packs }));
  // Apart from the packs, because only the self-test of `run` needs them.
  const examples = Object.fromEntries(loaded.map((pack) => [pack.id, pack.examples]));
  writeFileSync(path.join(out, 'examples.json'), JSON.stringify({ key: packsKey(files), examples }));

  const detectors = await shippedRules();
  const mapping = await shippedMapping();
  writeFileSync(path.join(out, 'rules.json'), builtRulesText(detectors, shippedMappingText(), mapping));
  const ruleSets = [noRules, ...['default', 'paranoid', 'hunting'].map((profile) => loadRules(detectors, { profile, mapping }))];
  rmSync(path.join(out, 'plans'), { recursive: true, force: true });
  mkdirSync(path.join(out, 'plans'));
  const keyRing = parseKeyFile(formatKeyFile(new Uint8Array(32), new Date(0).toISOString(), 'build'), 'the build');
  for (const id of policyIds) {
    for (const rules of ruleSets) {
      const policy = applyPolicy(packs, { policy: id, enable: [], keepUsers: [] });
      const input = planInput(policy, rules);
      const plan = compilePlan({ ...input, digest: (text) => sha256Hex(text).slice(0, 32) });
      writeFileSync(builtPlanFile(input), encodePlan(plan));
      // Whoever is made asks for the expressions it will need.
      void composeEngine({ policy, rules, keyRing, builtPlan: () => plan }).inspector;
    }
  }
  writeFileSync(programs, encodeTables(compileTables(knownExpressions())));
}

await buildStep({
  stamp: path.join(out, 'packs.stamp'),
  inputs: [...modulesBelow(...modules.map((file) => path.join(out, file))), ...filesBelow('masks', 'detectors', 'scripts/build-packs.mjs', 'package-lock.json')],
  outputs: [programs, ...['packs.json', 'examples.json', 'rules.json', 'plans'].map((name) => path.join(out, name))],
  build,
});
// It is of what has just been compiled, whether that has changed it or not.
utimesSync(programs, new Date(), new Date());
