import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findPlanted, type PlantedNeedles, prepareNeedles } from '../../src/demo/find-planted.ts';
import { createPlanter } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';
import { person, plantFields } from './client-fields.ts';
import { filesOf, type Result, runIn } from './program.ts';

interface Found {
  readonly id: string;
  readonly rule: { readonly id: string };
  readonly event: { readonly intent?: string };
  readonly origin?: object;
}

/** Each command that reads events for something else than masking them, over events with something planted in every field. */
describe('leak/commands', function () {
  this.timeout(240_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-leak-commands-'));
  const inside = (name: string): string => path.join(directory, name);
  const [log, masked, torn] = [inside('audit.log'), inside('masked.log'), inside('torn.log')];
  const plant = createPlanter(createRandom(2026));
  const lines = plantFields(plant);
  const all = prepareNeedles(plant.planted);
  /** What `secrets-only` is for: persons stay. */
  const secrets = prepareNeedles(plant.planted.filter(({ kind }) => kind !== 'email'));
  /** The one name that whoever runs a command types. */
  const others = prepareNeedles(plant.planted.filter(({ value }) => value !== person));
  let pseudonym = '';

  const leaks = (bytes: Uint8Array, needles: PlantedNeedles): readonly string[] =>
    findPlanted(needles, bytes).map(({ kind, where }) => `${kind} in ${where}`);

  /** Runs a command, which must end so and show nothing of what is planted. */
  function clean(code: number, args: readonly string[], needles = all): Result {
    const result = runIn(directory, ...args);
    const command = args.join(' ').replaceAll(`${directory}/`, '');
    expect(leaks(result.stdout, needles), `standard output of ${command}`).to.deep.equal([]);
    expect(leaks(result.stderr, needles), `standard error of ${command}`).to.deep.equal([]);
    expect(result.code, `${command}: ${result.stderr.toString().slice(-500)}`).to.equal(code);
    if (code === 0) expect(result.stdout.length, command).to.be.greaterThan(300);
    return result;
  }

  /** Every report about an input. The person is named as masked events name them. */
  function reports(input: string, forms: readonly (readonly string[])[], needles = all, who = pseudonym): void {
    for (const form of forms) {
      clean(0, ['posture', input, '--stale-after', '1m', '--server-version', '1.20', ...form], needles);
      clean(0, ['rbac', 'suggest', input, '--user', who, ...form], needles);
      clean(0, ['rbac', 'suggest', input, '--group', 'devs', '--max-names', '99', ...form], needles);
      clean(0, ['rules', 'backtest', input, '--profile', 'hunting', '--all', '--top', '100', ...form], needles);
      clean(0, ['timeline', input, '--profile', 'hunting', '--user', who, ...form], needles);
    }
  }

  const json = ['-o', 'json'];

  before(() => {
    writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
    writeFileSync(torn, lines.map((line) => `${line.slice(0, -25)}\n`).join(''));
    const { stdout } = clean(0, ['mask', log]);
    writeFileSync(masked, stdout);
    const [first = ''] = stdout.toString().split('\n', 1);
    pseudonym = (JSON.parse(first) as { user: { username: string } }).user.username;
    expect(pseudonym).to.match(/^\[MASKED:user:/);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('plants what the search finds', () => {
    const raw = readFileSync(log);
    expect(leaks(raw, all)).to.have.length(all.secrets.length);
    expect(all.secrets.length).to.be.greaterThan(350);
  });

  it('posture, rbac suggest, rules backtest and timeline show none of it of a raw log', () => {
    reports(log, [[], json]);
  });

  it('nor of a masked log', () => {
    reports(masked, [json]);
  });

  for (const policy of ['standard', 'strict', 'secrets-only']) {
    it(`nor of the data folder of an agent with the policy ${policy}, and nothing of it is in that folder`, () => {
      const [data, needles] = [inside(`data-${policy}`), policy === 'secrets-only' ? secrets : all];
      clean(0, ['run', log, '--once', '--policy', policy, '--data-dir', data], needles);
      reports(data, policy === 'standard' ? [[], json] : [json], needles, policy === 'secrets-only' ? person : pseudonym);
      if (policy === 'standard') clean(0, ['timeline', data, '--user', person]);
      for (const { name, bytes } of filesOf(data))
        expect(leaks(bytes, needles), path.relative(directory, name)).to.deep.equal([]);
    });
  }

  it('a person who is named in clear is shown only where the answer is for them to apply', () => {
    clean(0, ['timeline', log, '--user', person]);
    clean(0, ['posture', log, '--delivered-by', person]);
    clean(0, ['rbac', 'suggest', log, '--user', person], others);
  });

  describe('findings', () => {
    let found: readonly Found[] = [];
    before(() => {
      const { stdout } = clean(0, ['detect', '--profile', 'hunting', log]);
      found = stdout
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Found);
    });

    it('name intent and origin in every format, with none of it', () => {
      expect(found.filter(({ event }) => event.intent !== undefined).length).to.be.greaterThan(100);
      expect(found.some(({ origin }) => origin !== undefined)).to.equal(true);
      for (const format of ['ocsf', 'ecs', 'falco']) clean(0, ['detect', '--profile', 'hunting', '-o', format, log]);
      clean(0, ['timeline', log, '--profile', 'hunting', '--finding', found.find(({ event }) => event.intent)?.id ?? '']);
    });

    it('give exceptions without any of it but the name that was typed', () => {
      const rules = [...new Set(found.map(({ rule }) => rule.id))].filter((id) => !id.startsWith('auditveil.')).slice(0, 3);
      const codes = rules.flatMap((rule) => [
        suggest(['--rule', rule], all),
        suggest(['--rule', rule, '--principal', person, '-o', 'json'], others),
      ]);
      expect(codes.filter((code) => code === 0).length).to.be.greaterThan(2);
    });

    function suggest(args: readonly string[], needles: PlantedNeedles): number | null {
      const { code, stdout, stderr } = runIn(directory, 'rules', 'suggest-exception', log, ...args);
      expect([...leaks(stdout, needles), ...leaks(stderr, needles)], args.join(' ')).to.deep.equal([]);
      return code;
    }
  });

  it('policies that are made from a sample tell its size and nothing else', () => {
    const few = fileURLToPath(new URL('../../../detectors/execution', import.meta.url));
    for (const form of [[], json]) clean(0, ['init', 'policy', '--rules', few, '--sample', log, '--sample', torn, ...form]);
  });

  it('errors quote none of it: nobody of that name, no such finding, no such file, torn events', () => {
    clean(1, ['timeline', log, '--user', 'nobody']);
    clean(1, ['timeline', log, '--finding', 'ffffffff']);
    clean(1, ['rbac', 'suggest', log, '--user', 'nobody']);
    clean(2, ['rules', 'suggest-exception', log, '--rule', 'nosuch']);
    clean(1, ['posture', inside('missing.log')]);
    clean(1, ['timeline', torn, '--user', pseudonym]);
    clean(1, ['rbac', 'suggest', torn, '--user', pseudonym]);
    for (const command of [['posture'], ['rules', 'backtest']]) clean(0, [...command, torn]);
  });

  it('nor does an error about a log that was given for a file of another kind', () => {
    const one = inside('one.log');
    writeFileSync(one, `${lines[0] ?? ''}\n`, { mode: 0o600 });
    for (const file of [log, one]) {
      clean(3, ['rules', 'coverage', '--policy', file]);
      clean(3, ['init', 'policy', '--rules', file]);
      clean(3, ['rules', 'backtest', '--lists', file, masked]);
      clean(3, ['rules', 'backtest', '--exceptions', file, masked]);
      clean(3, ['posture', '--config', file, masked]);
    }
    clean(3, ['timeline', '--key', one, '--user', pseudonym, masked]);
  });
});
