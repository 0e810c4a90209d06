import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { agentConfigText } from '../../src/wiring/agent-config.ts';

const facts = { cluster: 'production', auditLog: '/var/log/audit.log', listen: '127.0.0.1:8443', clientName: 'kube-apiserver' };

describe('wiring/agent-config', () => {
  it('writes a configuration that loads, with paths beside it', () => {
    const config = loadConfig(agentConfigText({ ...facts, kind: 'file' }), '/etc/auditveil/config.yaml', {});
    expect(config.cluster.name).to.equal('production');
    expect(config.masking.keyFile).to.equal('/etc/auditveil/keys.json');
    expect(config.sources[0]).to.include({ type: 'file', path: '/var/log/audit.log' });
  });

  it('keeps log and findings in another folder where one is named', () => {
    const text = agentConfigText({ ...facts, kind: 'webhook', dataDirectory: '/var/lib/auditveil/' });
    const config = loadConfig(text, '/etc/auditveil/config.yaml', {});
    expect(config.log.directory).to.equal('/var/lib/auditveil/data');
    expect(config.sinks.map((sink) => 'path' in sink && sink.path)).to.deep.equal(['/var/lib/auditveil/findings.jsonl']);
  });
});
