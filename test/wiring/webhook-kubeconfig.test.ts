import { expect } from 'chai';
import { parse } from 'yaml';
import { webhookKubeconfig } from '../../src/wiring/webhook-kubeconfig.ts';

describe('wiring/webhook-kubeconfig', () => {
  it('has a context that names its cluster and its user', () => {
    const text = webhookKubeconfig({
      server: 'https://192.0.2.10:8443/audit',
      authority: 'a',
      certificate: 'b',
      privateKey: 'c',
    });
    const file = parse(text) as {
      readonly contexts: readonly [{ readonly name: string; readonly context: Readonly<Record<string, string>> }];
      readonly 'current-context': string;
    };
    expect(file['current-context']).to.equal(file.contexts[0].name);
    expect(file.contexts[0].context).to.deep.equal({ cluster: 'auditveil', user: 'kube-apiserver' });
  });
});
