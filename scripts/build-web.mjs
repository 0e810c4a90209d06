// Checks the types of the page (web/) and joins it to the files that are served: dist/web/page.js, page.css, index.html, icon.svg.
// usage: node scripts/build-web.mjs [OUT_DIR]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStep, filesBelow } from './up-to-date.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = path.resolve(process.argv[2] ?? 'dist', 'web');
const copied = ['index.html', 'icon.svg'];

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
    entryPoints: ['web/main.ts', 'web/styles/page.css'].map((file) => ({ in: path.join(root, file), out: 'page' })),
    outdir: out,
    bundle: true,
    format: 'esm',
    target: ['chrome115', 'firefox115', 'safari16.4'],
    charset: 'ascii',
    legalComments: 'none',
    minify: true,
    logLevel: 'warning',
  });
  for (const file of copied) copyFileSync(path.join(root, 'web', file), path.join(out, file));
}

await buildStep({
  stamp: path.join(path.dirname(out), 'web.stamp'),
  inputs: filesBelow(
    ...['web', 'src/core', 'src/web', 'tsconfig.json', 'scripts/build-web.mjs', 'package-lock.json'].map((one) => path.join(root, one)),
  ),
  outputs: ['page.js', 'page.css', ...copied].map((file) => path.join(out, file)),
  build,
});
