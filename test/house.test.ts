import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { loadRules } from '../src/detection/load-rules.ts';
import { loadPacks } from '../src/masking/load-pack.ts';
import { shippedMapping, shippedPacks, shippedRules } from '../src/pipeline/load-files.ts';
import { filesUnder, functionsOver, isTypesOnly, readSource, root, type SourceFile } from './support/source-files.ts';

const sources = filesUnder('src', '.ts').map(readSource);
const tests = filesUnder('test', '.ts').map(readSource);
const benches = filesUnder('bench', '.ts').map(readSource);
/** The page in the browser. */
const pages = filesUnder('web', '.ts').map(readSource);
const every = [...sources, ...tests, ...benches, ...pages];

/** The part of the program a file belongs to: the first folder below src, or the file itself at the top. */
const partOf = (name: string): string => /^src\/([^/]+)\//.exec(name)?.[1] ?? /^src\/([^/]+)\.ts$/.exec(name)?.[1] ?? '';

/**
 * Who may import whom (DESIGN §7). A part always sees itself and core. The parts at the edge (sources, log, sinks, findings)
 * see what they are made of, never each other.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  scan: [],
  crypto: [],
  masking: ['scan', 'crypto'],
  detection: ['scan', 'crypto'],
  state: ['scan', 'crypto', 'detection'],
  compile: ['scan', 'crypto', 'masking', 'detection'],
  inspect: ['scan', 'crypto', 'masking', 'detection', 'state', 'compile'],
  sources: ['scan', 'crypto', 'kafka'],
  log: ['crypto'],
  // Digests of what a log holds, and their verification.
  proof: ['crypto', 'log'],
  // What an auditor gets: both logs as tables and lines, with their sums.
  export: ['crypto', 'log', 'proof', 'findings', 'sinks'],
  // What travels are records of the log.
  kafka: ['crypto', 'log'],
  // Options come from config, shapes of findings from findings, signatures from crypto.
  sinks: ['config', 'findings', 'crypto', 'kafka', 'log'],
  findings: ['crypto', 'scan', 'detection', 'state', 'masking'],
  // Which sink gets which finding: decided by values alone.
  routing: [],
  config: ['masking', 'crypto', 'routing'],
  // What `init` writes: certificates and keys are made by crypto, nothing else is looked at.
  wiring: ['crypto'],
  // What kube-apiservers count by themselves, asked over HTTP; certificates are read by crypto.
  apiserver: ['config', 'crypto'],
  // The values of the Helm chart hold the program's own options.
  chart: ['config'],
  telemetry: [],
  // Questions about what a data folder holds: sidecars, retention, holds.
  store: ['crypto', 'log', 'proof', 'findings', 'sinks'],
  // The API and the page. Reads the logs and the store, leaves notes.
  web: ['crypto', 'log', 'findings', 'config', 'telemetry', 'store', 'routing'],
  // Originals sealed to a key that is elsewhere.
  vault: ['crypto', 'log'],
  pipeline:
    'scan crypto masking detection state compile inspect sources log kafka sinks findings config telemetry proof routing store web vault apiserver registry'.split(
      ' ',
    ),
  doctor: 'apiserver crypto masking detection sources log kafka sinks store config wiring pipeline registry'.split(' '),
  demo: ['scan', 'crypto', 'masking', 'detection', 'inspect', 'log', 'findings', 'pipeline', 'telemetry', 'sources'],
  registry: ['sources', 'sinks', 'log', 'findings', 'config', 'masking', 'detection', 'inspect', 'pipeline', 'telemetry', 'demo'],
};

const pureParts = ['core', 'scan', 'compile', 'masking', 'detection', 'state', 'inspect', 'routing'];
/** Modules of the platform that neither reach outside nor differ from run to run. */
const pureModules = new Set(['node:buffer', 'node:util', 'node:zlib']);

/** Pure folders hold these few files with a reason to touch the platform. */
const impureWithReason: Readonly<Record<string, string>> = {
  'src/scan/pattern.ts': 'loads the native expression engine, which ES modules can only do through node:module',
};

const impureNames =
  /^(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|process\.(?!env\b)\w+)$/;

function impureUses(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && impureNames.test(node.getText(file.tree))) found.push(node.getText(file.tree));
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && impureNames.test(node.expression.text))
      found.push(node.expression.text);
    if (ts.isNewExpression(node) && node.expression.getText(file.tree) === 'Date' && (node.arguments?.length ?? 0) === 0)
      found.push('new Date()');
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** Source files without a test of their own name, and what proves them instead. */
const testedElsewhere: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^src\/core\//, 'contracts: types and tables, exercised by everything that implements them'],
  [/^src\/cli\/main\.ts$/, 'every test of a command starts it'],
  [/^src\/store\/store-worker\.ts$/, 'test/store/open-event-store.test.ts starts it'],
  [
    /^src\/demo\/(everyday|intrusion|recording-length|roll-out|objects|callers|scene|go-json|random)\.ts$/,
    'test/demo/recording.test.ts looks at what they make',
  ],
];

const mirrorOf = (name: string): string => name.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');

describe('house', () => {
  it('has sources to look at', () => {
    expect(sources.length).to.be.greaterThan(40);
  });

  it('imports only in the directions of the design', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const part = partOf(file.name);
      if (part === 'cli') continue;
      for (const { target } of file.imports) {
        if (!target.startsWith('src/')) continue;
        const other = partOf(target);
        if (other !== part && other !== 'core' && !(mayImport[part] ?? []).includes(other))
          wrong.push(`${file.name} imports ${target}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('knows every part of the program', () => {
    const parts = new Set(sources.map((file) => partOf(file.name)));
    expect([...parts].filter((part) => part !== 'cli' && !(part in mayImport))).to.deep.equal([]);
  });

  it('keeps pure folders free of files, network, timers, clocks and randomness', () => {
    const wrong = sources
      .filter((file) => pureParts.includes(partOf(file.name)) && !(file.name in impureWithReason))
      .flatMap((file) => [
        ...file.imports
          .filter(({ specifier, typeOnly }) => specifier.startsWith('node:') && !pureModules.has(specifier) && !typeOnly)
          .map(({ specifier }) => `${file.name} imports ${specifier}`),
        ...impureUses(file).map((use) => `${file.name} uses ${use}`),
      ]);
    expect(wrong).to.deep.equal([]);
  });

  it('uses node:crypto only in src/crypto', () => {
    const wrong = sources.filter(
      (file) => partOf(file.name) !== 'crypto' && file.imports.some(({ specifier }) => /^(node:)?crypto$/.test(specifier)),
    );
    expect(wrong.map((file) => file.name)).to.deep.equal([]);
  });

  it('names every relative import with its .ts ending, and exports nothing by default', () => {
    const wrong: string[] = [];
    for (const file of every) {
      for (const { specifier } of file.imports)
        if (specifier.startsWith('.') && !specifier.endsWith('.ts')) wrong.push(`${file.name} imports ${specifier}`);
      if (file.tree.statements.some((statement) => ts.isExportAssignment(statement)))
        wrong.push(`${file.name} exports by default`);
    }
    expect(wrong).to.deep.equal([]);
  });

  it('keeps files within 300 lines', () => {
    const wrong = every.filter((file) => file.lines > 300).map((file) => `${file.name} (${file.lines} lines)`);
    expect(wrong).to.deep.equal([]);
  });

  it('keeps functions within 60 lines', () => {
    expect(every.flatMap((file) => functionsOver(file, 60))).to.deep.equal([]);
  });

  it('names files in kebab case', () => {
    const wrong = every
      .map((file) => path.posix.basename(file.name))
      .filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(name));
    expect(wrong).to.deep.equal([]);
  });

  it('has no any, and no console or standard output outside the output file of the command line', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const visit = (node: ts.Node): void => {
        if (node.kind === ts.SyntaxKind.AnyKeyword) wrong.push(`${file.name}: any`);
        if (
          file.name !== 'src/cli/output.ts' &&
          ts.isPropertyAccessExpression(node) &&
          /^(console\.\w+|process\.(stdout|stderr))$/.test(node.getText(file.tree))
        )
          wrong.push(`${file.name}: ${node.getText(file.tree)}`);
        ts.forEachChild(node, visit);
      };
      visit(file.tree);
    }
    expect(wrong).to.deep.equal([]);
  });

  it('tests every source file: under its own name, from another test, as an inner part of a tested component, or with a reason', () => {
    const covered = new Set(
      sources
        .filter(
          (file) =>
            file.name.endsWith('.d.ts') ||
            isTypesOnly(file) ||
            existsSync(path.join(root, mirrorOf(file.name))) ||
            testedElsewhere.some(([pattern]) => pattern.test(file.name)),
        )
        .map((file) => file.name),
    );
    for (const test of tests) for (const { target } of test.imports) covered.add(target);
    for (let before = -1; before !== covered.size; ) {
      before = covered.size;
      for (const file of sources) {
        if (!covered.has(file.name)) continue;
        for (const { target } of file.imports) if (partOf(target) === partOf(file.name)) covered.add(target);
      }
    }
    expect(sources.map((file) => file.name).filter((name) => !covered.has(name))).to.deep.equal([]);
  });

  it('has no test for a source file that is gone', () => {
    const shared = /^test\/(house|deploy\/|page\/|contract\/|faults\/|leak\/|support\/|integration\/|bench\/)/;
    const wrong = tests.filter(
      (test) =>
        test.name.endsWith('.test.ts') &&
        !shared.test(test.name) &&
        test.imports.every(({ target }) => !target.startsWith('src/')) &&
        !existsSync(path.join(root, test.name.replace(/^test\//, 'src/').replace(/\.test\.ts$/, '.ts'))) &&
        !/^test\/cli\//.test(test.name),
    );
    expect(wrong.map((test) => test.name)).to.deep.equal([]);
  });

  it('finds every pack and every detector, and they load with their examples', async () => {
    const rules = await shippedRules();
    const packs = await shippedPacks();
    const names = (files: readonly { readonly file: string }[]): readonly string[] => files.map(({ file }) => file).sort();
    expect(names(packs)).to.deep.equal([...filesUnder('masks', '.yml'), ...filesUnder('masks', '.yaml')]);
    expect(names(rules)).to.deep.equal(filesUnder('detectors', '.yml').filter((name) => name !== 'detectors/fields.yml'));
    expect(loadPacks(packs).length).to.equal(packs.length);
    expect(
      loadRules(rules, { requireTests: true, mapping: await shippedMapping(), profile: 'hunting' }).rules.length,
    ).to.be.at.least(25);
  });

  it('has a page for every command and every option, generated from them', () => {
    const page = readFileSync(path.join(root, 'docs/cli.md'), 'utf8');
    const commands = filesUnder('src/cli/commands', '.ts')
      .map((name) => path.posix.basename(name, '.ts'))
      .filter((name) => name !== 'docs');
    expect(commands.filter((name) => !page.includes(`auditveil ${name}`))).to.deep.equal([]);
    expect(readFileSync(path.join(root, 'README.md'), 'utf8')).not.to.match(/^(PICTURE|FIGURES)$/m);
  });

  it('says nothing about the machine it was written on', () => {
    const documents = [
      'README.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'CHANGELOG.md',
      ...filesUnder('docs', '.md'),
      ...filesUnder('deploy', ''),
      ...filesUnder('masks', '.yml'),
      ...filesUnder('detectors', '.yml'),
    ];
    const files = [...documents, ...every.map((file) => file.name)].filter(
      (name) => name !== 'test/house.test.ts' && existsSync(path.join(root, name)),
    );
    const telling = /\/(home|Users)\/[a-z]{2,}|\/work\/[a-z]|registry\.npmjs\.org|file:\/\/\//;
    expect(files.filter((name) => telling.test(readFileSync(path.join(root, name), 'utf8')))).to.deep.equal([]);
  });
});
