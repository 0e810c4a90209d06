// Checks the types of the page (web/) and joins it to the files that are served, which lie in dist/web itself: the page, and for `try it` a
// worker with the scanner in it, the plan and the packs of the policy `standard`. After build-packs.mjs.
// usage: node scripts/build-web.mjs [OUT_DIR]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildStep, filesBelow, modulesBelow } from './up-to-date.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.resolve(process.argv[2] ?? 'dist', 'web');
const copied = ['index.html', 'icon.svg'];

const shims = path.join(root, 'web/try-it/shims');
const programs = path.resolve(process.argv[2] ?? 'dist', 'src');
const load = (file) => import(pathToFileURL(path.join(programs, file)).href);

const common = {
  bundle: true,
  target: ['chrome115', 'firefox115', 'safari16.4'],
  charset: 'ascii',
  legalComments: 'none',
  minify: true,
  logLevel: 'warning',
};

const esbuild = await import('esbuild').catch(() => undefined);
if (!esbuild) {
  process.stderr.write('esbuild is not installed: there is no page\n');
  process.exit(0);
}

async function build() {
  mkdirSync(out, { recursive: true });
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', path.join(root, 'web')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
  await esbuild.build({
    ...common,
    entryPoints: ['web/main.ts', 'web/styles/page.css'].map((file) => ({ in: path.join(root, file), out: 'page' })),
    outdir: out,
    format: 'esm',
  });
  await esbuild.build({
    ...common,
    entryPoints: [{ in: path.join(root, 'web/try-it/worker.ts'), out: 'try-it' }],
    outdir: out,
    format: 'iife',
    // Modules of Node.js that the scanner touches, as far as it does.
    alias: Object.fromEntries(['crypto', 'zlib', 'module', 'buffer'].map((name) => [`node:${name}`, path.join(shims, `node-${name}.ts`)])),
    inject: [path.join(shims, 'node-buffer.ts')],
    define: { 'process.env': '{}', 'import.meta.url': '""' },
  });
  copyFileSync(await standardPlan(), path.join(out, 'try-plan.bin'));
  copyFileSync(path.join(programs, 'packs.json'), path.join(out, 'try-packs.json'));
  for (const file of copied) copyFileSync(path.join(root, 'web', file), path.join(out, file));
}

/** The file of the plan that masks by the policy `standard`, without rules. */
async function standardPlan() {
  const { applyPolicy } = await load('masking/policy.js');
  const { builtPlanFile } = await load('pipeline/built-plans.js');
  const { noRules, planInput } = await load('pipeline/compose-engine.js');
  const { packs } = JSON.parse(readFileSync(path.join(programs, 'packs.json'), 'utf8'));
  return builtPlanFile(planInput(applyPolicy(packs, { policy: 'standard', enable: [], keepUsers: [] }), noRules));
}

const sources = filesBelow(path.join(root, 'web'));
/** What the plan is found by, and what is copied beside it. */
const planModules = ['masking/policy.js', 'pipeline/built-plans.js', 'pipeline/compose-engine.js'].map((file) => path.join(programs, file));

await buildStep({
  stamp: path.join(path.dirname(out), 'web.stamp'),
  inputs: [
    ...modulesBelow(...sources.filter((file) => file.endsWith('.ts')), ...planModules),
    ...filesBelow(...sources.filter((file) => !file.endsWith('.ts')), path.join(programs, 'compile'), path.join(programs, 'packs.json')),
    ...filesBelow(...['tsconfig.json', 'scripts/build-web.mjs', 'package-lock.json'].map((one) => path.join(root, one))),
  ],
  outputs: ['page.js', 'page.css', 'try-it.js', 'try-plan.bin', 'try-packs.json', ...copied].map((file) => path.join(out, file)),
  build,
});
