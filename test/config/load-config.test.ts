import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Fault, Faults } from '../../src/core/faults.ts';

const minimal = 'version: 1\ncluster: { name: prod }\nsources:\n  - { type: file, path: audit.log }\n';
const load = (text: string, env: Record<string, string> = {}) => loadConfig(text, '/etc/auditveil/config.yaml', env);

function faultsOf(text: string, env: Record<string, string> = {}): readonly Fault[] {
  try {
    load(text, env);
  } catch (error) {
    expect(error).to.be.instanceOf(Faults);
    return (error as Faults).faults;
  }
  throw new Error('accepted');
}

describe('config/load-config', () => {
  it('fills in every default of the smallest configuration', () => {
    const config = load(minimal);
    expect(config.masking.policy).to.equal('standard');
    expect(config.sources[0]).to.deep.equal({
      type: 'file',
      name: 'file',
      path: '/etc/auditveil/audit.log',
      startAt: 'checkpoint',
      follow: true,
      pollIntervalMs: 250,
    });
    expect(config.log.directory).to.equal('/etc/auditveil/auditveil-data');
    expect(config.telemetry.listen).to.equal(undefined);
    expect(config.sinks).to.deep.equal([]);
  });

  it('names an unknown option, its place and the option that was meant', () => {
    const [fault] = faultsOf(`${minimal}masking:\n  polcy: strict\n`);
    expect(fault?.code).to.equal('E_CONFIG_UNKNOWN_KEY');
    expect(fault?.location).to.deep.equal({ file: '/etc/auditveil/config.yaml', line: 6, column: 3 });
    expect(fault?.remedy).to.equal('Did you mean `policy`?');
  });

  it('names an unknown option of a source, by the type of that source', () => {
    const [fault] = faultsOf('version: 1\ncluster: { name: prod }\nsources:\n  - type: file\n    path: a\n    folow: true\n');
    expect(fault?.location).to.include({ line: 6, column: 5 });
    expect(fault?.remedy).to.equal('Did you mean `follow`?');
  });

  it('names an unknown option of a route inside a route', () => {
    const [fault] = faultsOf(`${minimal}routing:\n  routes:\n    - routes:\n        - sniks: []\n`);
    expect(fault?.location).to.include({ line: 8, column: 11 });
    expect(fault?.remedy).to.equal('Did you mean `sinks`?');
  });

  it('takes the routing that docs/routing.md shows', () => {
    const [example = ''] = /sinks:\n[\s\S]*?(?=```)/.exec(readFileSync('docs/routing.md', 'utf8')) ?? [];
    expect(load(`${minimal}${example}`).routing?.routes).to.have.length(3);
  });

  it('names a sink of a route that does not exist, or that takes no findings', () => {
    const sinks = 'sinks:\n  - { type: file, name: all, path: a, content: events }\n';
    const [fault] = faultsOf(`${minimal}${sinks}routing:\n  sinks:\n    - all\n`);
    expect(fault).to.include({ code: 'E_CONFIG_ROUTE', message: 'routing.sinks.0: there is no sink of findings of this name' });
    expect(fault?.location).to.include({ line: 9, column: 7 });
  });

  it('takes the sinks and routes that README.md shows', () => {
    const [example = ''] = /sinks:\n[\s\S]*?(?=```)/.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(load(`${minimal}${example}`).routing?.routes).to.have.length(2);
  });

  it('names the types there are, or the one that was meant', () => {
    const [fault] = faultsOf(`${minimal}sinks:\n  - { type: flie, path: a }\n`);
    expect(fault?.remedy).to.equal('Did you mean `file`?');
    expect(faultsOf(`${minimal}sinks:\n  - { type: carrier-pigeon }\n`)[0]?.remedy).to.match(/^Known: .*file.*s3/);
    expect(faultsOf(`${minimal}sinks:\n  - { path: a }\n`)[0]?.remedy).to.match(/^Known: /);
  });

  it('reports all faults of a file at once, each with its place', () => {
    const faults = faultsOf('version: 2\ncluster: { name: "a b" }\nsources: {}\ndetect: { profile: loud }\n');
    expect(faults.map((f) => f.location?.line)).to.have.members([1, 2, 3, 4]);
    expect(faults.every((f) => f.code === 'E_CONFIG_VALUE')).to.equal(true);
  });

  it('says which required option is missing', () => {
    const messages = faultsOf('version: 1\n').map((f) => f.message);
    expect(messages).to.include('cluster: is missing');
    expect(messages).to.include('sources: is missing');
  });

  it('says what to write where an option with one value is missing', () => {
    expect(faultsOf('cluster: { name: a }\nsources: [{ type: file, path: a }]\n').map((f) => f.message)).to.deep.equal([
      'version: is missing (1)',
    ]);
  });

  it('reports variables that are not set together with all other faults, in the order of the file, and each place once', () => {
    const faults = faultsOf(
      `version: 1\ncluster: { name: "\${env:NONE}" }\nsources:\n  - { type: file, pth: a, path: b }\nmasking: { policy: standart }\n`,
    );
    expect(faults.map((f) => [f.code, f.location?.line])).to.deep.equal([
      ['E_CONFIG_ENV', 2],
      ['E_CONFIG_UNKNOWN_KEY', 4],
      ['E_CONFIG_VALUE', 5],
    ]);
    expect(faults[2]?.message).to.equal('masking.policy: must be secrets-only, standard, strict or the path of a policy file');
    expect(faults[2]?.remedy).to.equal('Did you mean `standard`?');
  });

  it('refuses two sources with one name', () => {
    const [fault] = faultsOf(
      'version: 1\ncluster: { name: p }\nsources:\n  - { type: file, path: a }\n  - { type: file, path: b }\n',
    );
    expect(fault?.code).to.equal('E_CONFIG_NAME');
    expect(fault?.location?.line).to.equal(5);
  });

  it('expands variables in text values after parsing, so that they never become structure', () => {
    const value = 'x", name: evil, y: "';
    const config = load(minimal.replace('audit.log', `"\${env:DIR}/audit.log"`), { DIR: value });
    expect(config.sources).to.have.length(1);
    expect(config.sources[0]).to.include({ name: 'file', path: `/etc/auditveil/${value}/audit.log` });
  });

  it('refuses a variable that is not set, with the place', () => {
    const [fault] = faultsOf(minimal.replace('audit.log', `"\${env:NOT_SET}"`));
    expect(fault?.code).to.equal('E_CONFIG_ENV');
    expect(fault?.location).to.include({ line: 4, column: 25 });
    expect(fault?.message).to.match(/NOT_SET is not set/);
  });

  it('leaves keys and numbers alone when it expands', () => {
    const [fault] = faultsOf(`${minimal}"\${env:KEY}": 1\n`, { KEY: 'log' });
    expect(fault?.code).to.equal('E_CONFIG_UNKNOWN_KEY');
  });

  it('says where the YAML breaks without quoting the file', () => {
    const [fault] = faultsOf('version: 1\ncluster: { name: "hunter2-secret\n');
    expect(fault?.code).to.equal('E_CONFIG_SYNTAX');
    expect(fault?.location?.line).to.be.greaterThan(1);
    expect(fault?.message).not.to.match(/hunter2/);
  });

  it('refuses a repeated key and an empty file', () => {
    expect(faultsOf('version: 1\nversion: 1\n')[0]?.code).to.equal('E_CONFIG_SYNTAX');
    expect(faultsOf('')[0]?.code).to.equal('E_CONFIG_VALUE');
  });
});
