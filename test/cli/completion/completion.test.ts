import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { bashCompletion } from '../../../src/cli/completion/bash-completion.ts';
import { commandWords, type Vocabulary } from '../../../src/cli/completion/command-words.ts';
import { fishCompletion } from '../../../src/cli/completion/fish-completion.ts';
import { shippedVocabulary } from '../../../src/cli/completion/shipped-vocabulary.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh-completion.ts';
import { Output } from '../../../src/cli/output.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { CliFolder } from '../run-cli.ts';

const program = buildProgram({
  output: new Output(new PassThrough(), new PassThrough(), {}),
  stdin: new PassThrough(),
  env: {},
  stop: new AbortController().signal,
  setExitCode: () => undefined,
});
const vocabulary: Vocabulary = {
  commands: commandWords(program),
  rules: [{ id: '11111111-aaaa', name: "Somebody's rule: `$(touch bad)`" }],
  kinds: ['jwt', 'password'],
};
const hasShell = (shell: string): boolean => !spawnSync(shell, ['--version']).error;

describe('cli/completion', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('bash'), bashCompletion(vocabulary));
    writeFileSync(folder.file('zsh'), zshCompletion(vocabulary));
    writeFileSync(folder.file('fish'), fishCompletion(vocabulary));
    writeFileSync(folder.file('audit.log'), '');
  });
  after(() => folder.remove());

  /** What bash would offer for the last of these words. */
  function offered(...words: readonly string[]): readonly string[] {
    const line = ['auditveil', ...words].map((word) => `'${word}'`).join(' ');
    const script = `source ./bash; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _auditveil; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], { cwd: folder.path, encoding: 'utf8' }).trim().split('\n');
  }

  it('knows every command and option of the table, and no hidden command', () => {
    const paths = vocabulary.commands.map(({ path }) => path);
    expect(paths).to.include.members(['', 'tail', 'rules test', 'keys rotate']).and.not.to.include('docs');
    for (const { name } of vocabulary.commands[0]?.commands ?? []) expect(bashCompletion(vocabulary)).to.include(name);
  });

  it('completes commands, sub-commands, options and their values in bash', () => {
    expect(offered('ta')).to.deep.equal(['tail']);
    expect(offered('rules', 'te')).to.deep.equal(['test']);
    expect(offered('tail', '--seve')).to.deep.equal(['--severity']);
    expect(offered('tail', '--severity', 'h')).to.deep.equal(['high']);
    expect(offered('tail', '--humans', '--rule', '11')).to.deep.equal(['11111111-aaaa']);
    expect(offered('tail', '--since', '')).to.deep.equal(['']);
    expect(offered('tail', '--config', 'aud')).to.deep.equal(['audit.log']);
    expect(offered('mask', 'aud')).to.deep.equal(['audit.log']);
    expect(offered('pseudonym', '--kind', 'p')).to.deep.equal(['password']);
    expect(offered('completion', 'f')).to.deep.equal(['fish']);
    expect(offered('nonsense', '--', '')).to.include('tail');
  });

  it('writes scripts that the shells take', function () {
    const shells = ['bash', 'zsh', 'fish'].filter(hasShell);
    if (shells.length === 0) this.skip();
    for (const shell of shells) {
      const { status, stderr } = spawnSync(shell, ['-n', folder.file(shell)], { encoding: 'utf8' });
      expect([shell, status, stderr]).to.deep.equal([shell, 0, '']);
    }
  });

  it('quotes names of rules, whatever they hold', () => {
    expect(zshCompletion(vocabulary)).to.include("'11111111-aaaa:Somebody'\\''s rule: `$(touch bad)`'");
    // Quoted for the second reading, then for the first.
    expect(fishCompletion(vocabulary)).to.include("11111111-aaaa\\\\t\\'Somebody\\\\\\'s rule: `$(touch bad)`\\'");
  });

  it('has the rules and kinds that are shipped', async () => {
    const { rules, kinds } = await shippedVocabulary();
    expect(rules.length).to.be.greaterThan(200);
    expect(kinds).to.include.members(['jwt', 'password', 'user']);
    expect(rules.every(({ id }) => /^[\w.-]+$/.test(id)) && kinds.every((kind) => /^[a-z0-9-]+$/.test(kind))).to.equal(true);
  });
});
