import { expect } from 'chai';
import { parse } from 'yaml';
import { wiringKinds } from '../../src/wiring/agent-config.ts';
import { distroIds, distros } from '../../src/wiring/distros.ts';
import { apiserverFlags, wiringSteps } from '../../src/wiring/wiring-steps.ts';

describe('wiring/wiring-steps', () => {
  for (const id of distroIds) {
    for (const kind of wiringKinds) {
      const facts = { kind, distro: distros[id], out: '/etc/auditveil' };

      it(`names every flag with its value for ${kind} on ${id}`, () => {
        const text = wiringSteps(facts);
        for (const { name, value } of apiserverFlags(facts)) {
          if (id === 'minikube' && name === 'audit-log-path') expect(text).to.contain('audit-log-path=-');
          else expect(text, name).to.match(new RegExp(`${name}(?:=|: ")${value.replace(/[.*/]/g, '\\$&')}`));
        }
        expect(text).to.contain('auditveil run --config /etc/auditveil/config.yaml');
      });
    }
  }

  it('starts the receiver before kube-apiserver restarts, and the follower of a log behind it', () => {
    const order = (kind: 'webhook' | 'file', id: 'generic' | 'kubeadm' | 'kind'): boolean => {
      const text = wiringSteps({ kind, distro: distros[id], out: '/etc/auditveil' });
      return text.indexOf('Start the agent') < text.indexOf('audit-policy-file');
    };
    expect([order('webhook', 'generic'), order('webhook', 'kubeadm')]).to.deep.equal([true, true]);
    expect([order('file', 'generic'), order('webhook', 'kind')]).to.deep.equal([false, false]);
  });

  it('gives the webhook no log flags, and the file no webhook flags', () => {
    const names = (kind: 'webhook' | 'file'): string =>
      apiserverFlags({ kind, distro: distros.generic, out: '/x' })
        .map(({ name }) => name)
        .join();
    expect(names('webhook')).not.to.contain('audit-log');
    expect(names('file')).not.to.contain('webhook');
  });

  it('writes a kind configuration that is YAML and mounts the folder it reads', () => {
    for (const kind of wiringKinds) {
      const text = wiringSteps({ kind, distro: distros.kind, out: '/etc/auditveil' });
      const config = /Write kind.yaml:\n([\s\S]*?)\n {3}then/.exec(text)?.[1] ?? '';
      const { nodes } = parse(config) as {
        readonly nodes: readonly [
          { readonly extraMounts: readonly { readonly hostPath: string }[]; readonly kubeadmConfigPatches: readonly [string] },
        ];
      };
      expect(nodes[0].extraMounts[0]?.hostPath).to.equal('/etc/auditveil');
      const patch = parse(nodes[0].kubeadmConfigPatches[0]) as {
        readonly apiServer: { readonly extraArgs: Readonly<Record<string, string>>; readonly extraVolumes: readonly unknown[] };
      };
      expect(patch.apiServer.extraArgs['audit-policy-file']).to.equal('/etc/kubernetes/auditveil/audit-policy.yaml');
      expect(patch.apiServer.extraVolumes).to.have.length(kind === 'file' ? 2 : 1);
    }
  });
});
