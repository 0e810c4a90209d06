// Joins the compiled modules and most packages to one file, <out>/src/program.cjs, and keeps beside it the code that V8 makes of it
// (program.cjs.code), so that starting reads two files instead of five hundred. usage: node scripts/build-bundle.mjs [OUT_DIR], after tsc
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStep, filesBelow } from './up-to-date.mjs';

const src = path.resolve(process.argv[2] ?? 'dist', 'src');
const outfile = path.join(src, 'program.cjs');

/** Loaded from their own files: native, or large and needed by few. */
const external = ['re2', 're2js', '@opentelemetry/*', '@peculiar/*', 'reflect-metadata', 'toml-eslint-parser', 'kafkajs', '@duckdb/*'];

/** Joined to a file of its own each, beside the bundle: few commands need them, and the text of the bundle stays in memory. */
const apart = ['undici', 'nodemailer', 'pg', 'hyparquet-writer', 'age-encryption', 'aws4fetch'];
const fileOf = (name) => `packages/${name}.cjs`;

const apartFromBundle = {
  name: 'apart-from-bundle',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path: name }) =>
      apart.includes(name) ? { path: `./${fileOf(name)}`, external: true } : undefined,
    );
  },
};

/** The program speaks English; zod brings forty languages. */
const oneLanguage = {
  name: 'one-language',
  setup(build) {
    build.onLoad({ filter: /zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/** A module that looks for files beside itself looks where it was compiled to, not beside the bundle. */
const ownAddresses = {
  name: 'own-addresses',
  setup(build) {
    build.onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      if (!file.startsWith(src)) return undefined;
      const address = `__moduleUrl(${JSON.stringify(path.relative(src, file).split(path.sep).join('/'))})`;
      return { contents: readFileSync(file, 'utf8').replaceAll('import.meta.url', address), loader: 'js' };
    });
  },
};

const esbuild = await import('esbuild').catch(() => undefined);
if (!esbuild) {
  rmSync(outfile, { force: true });
  process.stderr.write('esbuild is not installed: the program is not bundled, and starts more slowly\n');
  process.exit(0);
}

const common = {
  external,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  // A script that is run from a string has no import().
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** A package as whoever requires it has it. */
const buildPackage = (name) =>
  esbuild.build({
    ...common,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: import.meta.dirname },
    outfile: path.join(src, fileOf(name)),
    minifyIdentifiers: true,
  });

async function build() {
  rmSync(`${outfile}.code`, { force: true });
  await Promise.all(apart.map(buildPackage));
  await esbuild.build({
    ...common,
    stdin: {
      contents: "export { startProgram } from './cli/start-program.js'; export { serveTiles } from './pipeline/serve-tiles.js';",
      resolveDir: src,
    },
    outfile,
    plugins: [ownAddresses, apartFromBundle, oneLanguage],
    // One expression, a function: what is joined to a text once more is in memory twice.
    banner: {
      js: '(function (exports, require, module, __filename) {const __moduleUrl = (file) => require("node:url").pathToFileURL(require("node:path").join(__filename, "..", file)).href;',
    },
    footer: { js: '})' },
  });
  const warm = fileURLToPath(new URL('warm-bundle.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [warm, src], { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0 || !existsSync(`${outfile}.code`)) process.stderr.write(`the bundle was not compiled ahead: ${stderr}\n`);
}

await buildStep({
  stamp: `${outfile}.stamp`,
  inputs: [
    ...filesBelow(src).filter((file) => /\.(?:js|json|wasm)$/.test(file)),
    ...filesBelow('scripts/build-bundle.mjs', 'scripts/warm-bundle.mjs', 'package-lock.json'),
  ],
  outputs: [outfile, ...apart.map((name) => path.join(src, fileOf(name)))],
  build,
});
// It is of what has just been compiled, whether that has changed it or not.
utimesSync(outfile, new Date(), new Date());
