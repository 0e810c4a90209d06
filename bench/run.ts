import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './cases.ts';
import { corpusFile } from './corpus.ts';
import { describeMachine, pinned } from './machine.ts';
import { megabytesPerCpuSecond, type Sample, spreadOf } from './measure.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { formatReport, type Report, type Row } from './report.ts';
import { watchedCases } from './watched-cases.ts';

/** The project: this file runs from <root>/<build folder>/bench. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const baselineFile = path.join(root, 'bench/baseline.json');
const yardstick = 'parse';

const note = (text: string): void => void process.stderr.write(`${text}\n`);

function runOnce(name: string, file: string): Sample {
  const child = fileURLToPath(new URL('./child.js', import.meta.url));
  const [program = process.execPath, ...args] = pinned([process.execPath, child, name, file]);
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Sample;
}

function rowOf(name: string, samples: readonly Sample[], reference: number | undefined): Row {
  const spread = spreadOf(samples.map(megabytesPerCpuSecond));
  const events = spreadOf(samples.map((sample) => (sample.events / sample.cpuUs) * 1e6)).median;
  const rssMegabytes = Math.max(...samples.map((sample) => sample.rssBytes)) / 1e6;
  return {
    name,
    unit: 'MB/CPU-s',
    spread,
    ...(reference && { ratio: spread.median / reference }),
    eventsPerCpuSecond: events,
    rssMegabytes,
  };
}

/** Rounds are interleaved: whatever disturbs the machine for a while disturbs all cases alike. */
function runThroughput(options: BenchOptions): readonly Row[] {
  const chosen = cases.filter((one) => options.only.includes(one.name));
  if (chosen.length === 0) return [];
  const file = corpusFile(path.join(root, 'bench/corpus'), options.megabytes);
  const samples = new Map<string, Sample[]>(chosen.map((one) => [one.name, []]));
  for (let round = 1; round <= options.rounds; round++) {
    for (const one of chosen) {
      const sample = runOnce(one.name, file);
      samples.get(one.name)?.push(sample);
      note(`round ${round}/${options.rounds}  ${one.name.padEnd(18)} ${megabytesPerCpuSecond(sample).toFixed(1)} MB/CPU-s`);
    }
  }
  const reference = samples.has(yardstick)
    ? spreadOf((samples.get(yardstick) ?? []).map(megabytesPerCpuSecond)).median
    : undefined;
  return chosen.map((one) => rowOf(one.name, samples.get(one.name) ?? [], reference));
}

async function runProcesses(options: BenchOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const one of watchedCases.filter((other) => options.only.includes(other.name))) {
    const values: number[] = [];
    for (let round = 0; round < one.rounds(options.rounds); round++) values.push(await one.run(root));
    rows.push({ name: one.name, unit: one.unit, spread: spreadOf(values) });
    note(`${one.name}: ${values.map((value) => value.toFixed(0)).join(', ')} ${one.unit}`);
  }
  return rows;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const rows = [...runThroughput(options), ...(await runProcesses(options))];
  const report: Report = { machine: describeMachine(root), megabytes: options.megabytes, rounds: options.rounds, rows };
  const baseline =
    options.compare && existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, 'utf8')) as Report) : undefined;
  process.stdout.write(formatReport(report, baseline));
  mkdirSync(path.join(root, 'bench/results'), { recursive: true });
  writeFileSync(path.join(root, 'bench/results/last.json'), `${JSON.stringify(report, null, 2)}\n`);
  if (options.save) writeFileSync(baselineFile, `${JSON.stringify(report, null, 2)}\n`);
  const ratio = rows.find((row) => row.name === 'end-to-end')?.ratio;
  if (options.minRatio === undefined || (ratio !== undefined && ratio >= options.minRatio)) return 0;
  note(
    `end-to-end is ${ratio === undefined ? 'not measured together with parse' : `${ratio.toFixed(3)} x parse, below ${options.minRatio}`}`,
  );
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  note(error instanceof Error ? error.message : 'the benchmark failed');
  process.exitCode = 2;
}
