import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FaultCheck, type FaultRow, faultRows } from './fault-rows.ts';

/**
 * Runs the rows of the fault suite, each in processes of its own, and shows what came of them. Exit code 1 where a row failed
 * or nothing ran for it.
 */
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const dist = fileURLToPath(new URL('../../', import.meta.url));
/** Some tests name files from here. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');

interface Outcome {
  readonly passed: boolean;
  readonly told: string;
}

async function processOf(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
}

async function runKill(source: string, rounds: number): Promise<Outcome> {
  const script = fileURLToPath(new URL('./kill-run.js', import.meta.url));
  const { code, text } = await processOf([script, '--source', source, '--rounds', String(rounds)], {});
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('round '));
  return { passed: code === 0, told: lines.join('; ') };
}

/** Property tests make a hundred runs a round, scenarios with an agent one. */
async function runTests(check: Extract<FaultCheck, { tests: unknown }>, rounds: number): Promise<Outcome> {
  const files = check.tests.map((name) => `${dist}test/${name}.test.js`);
  const grep = check.only === undefined ? [] : ['--fgrep', check.only];
  const env = { AUDITVEIL_ROUNDS: String(rounds), AUDITVEIL_RUNS: String(rounds * 100) };
  const args = [mocha, '--no-config', '--exit', '--timeout', '600000', '--reporter', 'json', ...grep, ...files];
  const { text } = await processOf(args, env);
  const { passes = 0, failures = 1, pending = 0 } = statsIn(text);
  const skipped = pending > 0 ? `, ${pending} SKIPPED` : '';
  return { passed: failures === 0 && passes > 0, told: `${passes} tests passed, ${failures} failed${skipped}` };
}

function statsIn(text: string): { readonly passes?: number; readonly failures?: number; readonly pending?: number } {
  try {
    const { stats, failures } = JSON.parse(text.slice(text.indexOf('{'))) as {
      stats: { passes: number; failures: number; pending: number };
      failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
    };
    for (const { fullTitle, err } of failures) say(`  failed: ${fullTitle}\n  ${err.message ?? ''}`);
    return stats;
  } catch {
    return {};
  }
}

async function runRow({ row, fault, passes, checks }: FaultRow, rounds: number): Promise<boolean> {
  say(`row ${row}: ${fault}`);
  let passed = true;
  for (const check of checks) {
    const began = Date.now();
    const outcome = 'kill' in check ? await runKill(check.kill, rounds) : await runTests(check, rounds);
    const what = 'kill' in check ? `test:kill --source ${check.kill}` : check.tests.join(', ');
    say(`  ${outcome.passed ? 'ok  ' : 'FAIL'} ${what}: ${outcome.told} (${Math.round((Date.now() - began) / 1000)} s)`);
    passed &&= outcome.passed;
  }
  say(`  ${passed ? 'withstood' : 'NOT WITHSTOOD'}: ${passes}`);
  return passed;
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    // Numbers of rows; all without it.
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
  },
});
const wanted = new Set(values.only.flatMap((text) => text.split(',').map(Number)));
const rows = faultRows.filter(({ row }) => wanted.size === 0 || wanted.has(row));
if (rows.length === 0) say('there is no such row; --list shows them');
const failed: number[] = [];
for (const row of rows) {
  if (values.list) say(`${row.row}\t${row.fault}`);
  else if (!(await runRow(row, Number(values.rounds)))) failed.push(row.row);
}
if (!values.list) say(failed.length === 0 ? `${rows.length} rows, none failed` : `failed: rows ${failed.join(', ')}`);
process.exitCode = rows.length === 0 || failed.length > 0 ? 1 : 0;
