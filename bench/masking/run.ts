import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageVersion } from '../../src/pipeline/load-files.ts';
import { describeMachine } from '../machine.ts';
import { auditveilMasker, gitleaksMasker, type Masker } from './maskers.ts';
import { type MaskingReport, type Row, writePage } from './page.ts';
import { everydaySource, generatedSource, type Sample, type Source } from './samples.ts';
import { judge, scoreOf, type Verdicts } from './score.ts';
import { vectorSources } from './vectors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Size of the everyday log in 10⁶ bytes: enough for a figure, little enough for gitleaks. */
const everydayMegabytes = 6;

const usage = `usage: npm run bench:masking -- [--rounds N] [--seed N] [--vectors FOLDER] [--misses] [--dry]
  --rounds N         generated events for each kind and place (default 4)
  --seed N           seed of the generated events (default 1)
  --vectors FOLDER   files of vectors (default ../shared/data/masking, left out where it is not there)
  --misses           list the generated kinds and places that were not cleaned
  --dry              print only, do not write docs/masking-benchmark.md
`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    vectors: { type: 'string', default: path.join(root, '../shared/data/masking') },
    misses: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** One row for each group of samples. */
function rowsBy(
  samples: readonly Sample[],
  verdicts: readonly Verdicts[],
  group: (sample: Sample) => string | undefined,
): readonly Row[] {
  const names = new Set(samples.map(group).filter((name) => name !== undefined));
  return [...names].map((name) => ({
    name,
    scores: verdicts.map((verdict) => scoreOf(samples, verdict, (sample) => group(sample) === name)),
  }));
}

/** Speed of the first masker on the events of each kind alone. */
function withOwnSpeed(rows: readonly Row[], samples: readonly Sample[], first: Masker): readonly Row[] {
  return rows.map(({ name, scores: [score, ...others] }) => {
    if (!score) return { name, scores: others };
    const { megabytesPerSecond } = judge(
      first,
      samples.filter(({ kind }) => kind === name),
    );
    return { name, scores: [{ ...score, megabytesPerSecond }, ...others] };
  });
}

const personal = new Set(['email', 'ipv4', 'ipv6', 'credit-card', 'iban']);

async function measure(seed: number, rounds: number): Promise<MaskingReport> {
  const [auditveil, gitleaks] = [await auditveilMasker(await packageVersion()), gitleaksMasker()];
  const maskers = gitleaks ? [auditveil, gitleaks] : [auditveil];
  // Other events of the same kind: the first pass of a process says more about its compiler than about its speed.
  for (const { samples } of [generatedSource(seed + 1_000_003, 2), everydaySource(seed + 1_000_003, everydayMegabytes)])
    judge(auditveil, samples);
  const generated = generatedSource(seed, rounds);
  const sources: readonly Source[] = [generated, everydaySource(seed, everydayMegabytes), ...vectorSources(values.vectors)];
  const verdicts = new Map(sources.map((source) => [source, maskers.map((masker) => judge(masker, source.samples))]));
  const rows = (source: Source, group: (sample: Sample) => string | undefined): readonly Row[] =>
    rowsBy(source.samples, verdicts.get(source) ?? [], group);
  const kinds = rows(generated, ({ kind, secrets }) => (secrets.length > 0 ? kind : undefined));
  return {
    maskers,
    machine: describeMachine(root),
    command: 'npm run bench:masking',
    sources: sources.flatMap((source) => rows(source, () => source.source)),
    kinds: withOwnSpeed(kinds, generatedSource(seed + 2_000_003, rounds).samples, auditveil),
    places: rows(generated, ({ kind, place, secrets }) => (secrets.length === 0 || personal.has(kind) ? undefined : place)),
    harmless: rows(generated, ({ kind, secrets }) => (secrets.length === 0 ? kind : undefined)),
  };
}

/** Kinds and places of generated events that were not cleaned; never a value. */
async function misses(): Promise<string> {
  const { samples } = generatedSource(Number(values.seed), Number(values.rounds));
  const { right } = judge(await auditveilMasker(''), samples);
  const counts = new Map<string, number>();
  samples.forEach(({ kind, place }, i) => {
    if (right[i] !== true) counts.set(`${place}: ${kind}`, (counts.get(`${place}: ${kind}`) ?? 0) + 1);
  });
  return [...counts].map(([name, count]) => `${count} × ${name}\n`).join('');
}

if (values.help) process.stdout.write(usage);
else if (values.misses) process.stdout.write(await misses());
else {
  const page = writePage(await measure(Number(values.seed), Number(values.rounds)));
  process.stdout.write(page);
  if (!values.dry) writeFileSync(path.join(root, 'docs/masking-benchmark.md'), page);
}
