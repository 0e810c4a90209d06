// Runs the bundle as a user would and writes the code that V8 has made of it by then. usage: node scripts/warm-bundle.mjs DIST_SRC
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const src = process.argv[2];
const load = (file) => import(pathToFileURL(path.join(src, file)).href);
const { compileBundle } = await load('pipeline/bundled-program.js');
const { makeRecording } = await load('demo/recording.js');

// What is compiled under other flags than those of a start would be passed over: the program's own come later.
v8.setFlagsFromString = () => undefined;
const file = path.join(src, 'program.cjs');
const script = compileBundle(file);
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(file), module, file);

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-build-'));
const log = path.join(folder, 'audit.log');
process.env.XDG_STATE_HOME = folder;
process.stdout.write = (_, encoding, done) => {
  (typeof encoding === 'function' ? encoding : done)?.();
  return true;
};
process.stderr.write = process.stdout.write;

/** One command; the end of the process is the end of it. */
async function run(...args) {
  process.argv = [process.execPath, 'auditveil', ...args];
  const ended = new Promise((resolve) => {
    process.exit = resolve;
  });
  void module.exports.startProgram();
  await ended;
}

const exit = process.exit;
try {
  writeFileSync(log, makeRecording(0).events.map(({ line }) => `${line}\n`).join(''));
  await run('mask', log);
  await run('run', '--once', '-o', 'none', '--data-dir', path.join(folder, 'data'), log);
  writeFileSync(`${file}.code`, script.createCachedData());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
exit(0);
