import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { configOfRole } from '../../src/config/role-config.ts';
import type { Fault } from '../../src/core/faults.ts';

const text = (sources: string, transport = true): string => `
version: 1
cluster: { name: lab }
sources: ${sources}
sinks: [{ type: file, path: out.jsonl }]
${transport ? 'transport: { type: kafka, brokers: ["192.0.2.1:9092"], tls: { caFile: ca.pem } }' : ''}
`;
const load = (...args: Parameters<typeof text>) => loadConfig(text(...args), '/etc/auditveil/config.yaml', {});
const file = '[{ type: file, path: audit.log }]';
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as Fault).code;
  }
};

describe('config/role-config', () => {
  it('gives agents the sources and workers the sinks of one file', () => {
    const config = load(file);
    const [agent, worker, all] = [configOfRole(config, 'agent'), configOfRole(config, 'worker'), configOfRole(config)];
    expect([agent.sources.length, agent.sinks.length]).to.deep.equal([1, 0]);
    expect([worker.sources.length, worker.sinks.length]).to.deep.equal([0, 1]);
    expect([all.role, all.sources.length, all.sinks.length]).to.deep.equal(['all', 1, 1]);
  });

  it('has defaults for the transport, and paths from the folder of the file', () => {
    const { transport } = load(file);
    expect(transport).to.include({
      topic: 'auditveil-events',
      group: 'auditveil-workers',
      compression: 'gzip',
      idempotent: false,
    });
    expect(transport?.tls?.caFile).to.equal('/etc/auditveil/ca.pem');
  });

  it('says what a role lacks', () => {
    expect(codeOf(() => configOfRole(load(file, false), 'agent'))).to.equal('E_CONFIG_ROLE');
    expect(codeOf(() => configOfRole(load('[]'), 'agent'))).to.equal('E_CONFIG_ROLE');
    expect(codeOf(() => configOfRole(load('[]')))).to.equal('E_CONFIG_ROLE');
    expect(codeOf(() => configOfRole(load('[]'), 'worker'))).to.equal('none');
  });
});
