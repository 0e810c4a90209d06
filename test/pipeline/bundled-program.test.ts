import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { makeRecording } from '../../src/demo/recording.ts';
import { bundledProgram, compileBundle } from '../../src/pipeline/bundled-program.ts';

const built = fileURLToPath(new URL('../../src/program.cjs', import.meta.url));
const launcher = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const modules = new URL('../../src/cli/start-program.js', import.meta.url).href;
const oneByOne = `process.argv.splice(1, 0, 'auditveil'); (await import('${modules}')).startProgram();`;
/** As the build writes it. */
const bundled = (text: string): string => `(function (exports, require, module, __filename) {${text}})`;

describe('pipeline/bundled-program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-bundle-'));
  const file = path.join(folder, 'program.cjs');
  const since = path.join(folder, 'since');
  after(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(() => {
    writeFileSync(file, bundled('exports.startProgram = () => "started"; exports.serveTiles = () => __filename;'));
    rmSync(`${file}.code`, { force: true });
  });

  it('is there after a build, with both places where a thread begins', () => {
    const program = bundledProgram();
    expect(program?.startProgram).to.be.a('function');
    expect(program?.serveTiles).to.be.a('function');
  });

  it('has beside it each package that few commands need, with all that the package gives', async () => {
    const beside = fileURLToPath(new URL('packages/', pathToFileURL(built)));
    const names = readdirSync(beside).map((name) => path.basename(name, '.cjs'));
    expect(names).to.include.members(['undici', 'nodemailer', 'pg']);
    for (const name of names) {
      const joined = createRequire(built)(`./packages/${name}.cjs`) as object;
      const given = (await import(name)) as object;
      const named = Object.keys(given).filter((key) => key !== 'default' && key !== 'module.exports');
      expect(Object.keys(joined), name).to.include.members(named);
    }
  });

  it('is not used where there is none, or modules were compiled since', () => {
    expect(bundledProgram(path.join(folder, 'none.cjs'), since)).to.equal(undefined);
    expect(bundledProgram(file, since)?.serveTiles()).to.equal(file);
    writeFileSync(since, '');
    utimesSync(file, new Date(1000), new Date(1000));
    expect(bundledProgram(file, since)).to.equal(undefined);
  });

  it('is compiled anew where the code beside it is of something else', () => {
    const write = (answer: string): void => writeFileSync(file, bundled(`exports.startProgram = () => '${answer}';`));
    writeFileSync(`${file}.code`, 'no code at all');
    write('first');
    expect(compileBundle(file).cachedDataRejected).to.equal(true);
    copyFileSync(`${built}.code`, `${file}.code`);
    write('second');
    expect(compileBundle(file).cachedDataRejected).to.equal(true);
    write('third');
    expect(bundledProgram(file, path.join(folder, 'none'))?.startProgram()).to.equal('third');
  });

  it('masks as the modules do, one by one', () => {
    const log = path.join(folder, 'audit.log');
    writeFileSync(
      log,
      makeRecording(0)
        .events.map(({ line }) => `${line}\n`)
        .join(''),
    );
    const env = { ...process.env, XDG_STATE_HOME: folder };
    const run = (...args: string[]): string => execFileSync(process.execPath, args, { env, encoding: 'utf8', stdio: 'pipe' });
    const bundled = run(launcher, 'mask', log);
    expect(bundled).to.include('[MASKED:');
    expect(run('--input-type=module', '-e', oneByOne, '--', 'mask', log)).to.equal(bundled);
  });
});
