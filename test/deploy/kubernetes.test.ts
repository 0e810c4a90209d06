import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Manifest, manifests, type PodSpec, podSpecOf, volumeNamesOf } from '../support/manifests.ts';

const all = manifests();
const workloads = all.flatMap((manifest) => {
  const spec = podSpecOf(manifest);
  return spec ? [{ name: `${manifest.kind} of ${manifest.file}`, manifest, spec }] : [];
});
const configOf = (namespace: string | undefined): Manifest | undefined =>
  all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === namespace);

/** The mount a file of the container lies in. */
const mountOf = (spec: PodSpec, file: string) =>
  spec.containers[0]?.volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));

describe('deploy/kubernetes', () => {
  it('runs the agent in three ways', () => {
    expect(workloads.map(({ manifest }) => manifest.kind).sort()).to.deep.equal(['DaemonSet', 'Pod', 'StatefulSet']);
  });

  for (const { name, manifest, spec } of workloads) {
    describe(name, () => {
      const [container] = spec.containers;
      it('gives the agent nothing it does not need', () => {
        expect(spec.automountServiceAccountToken).to.equal(false);
        expect(spec.securityContext['seccompProfile']).to.deep.equal({ type: 'RuntimeDefault' });
        expect(container?.securityContext['allowPrivilegeEscalation']).to.equal(false);
        expect(container?.securityContext['readOnlyRootFilesystem']).to.equal(true);
        expect(container?.securityContext['capabilities']).to.deep.equal({ drop: ['ALL'] });
        expect(container?.resources.limits['memory']).to.equal('512Mi');
        expect(spec.containers).to.have.length(1);
      });

      it('is not root, but where the audit log is for root only', () => {
        const { runAsUser, runAsNonRoot } = spec.securityContext;
        if (manifest.kind === 'DaemonSet') expect(runAsUser).to.equal(0);
        else expect([runAsUser, runAsNonRoot]).to.deep.equal([65532, true]);
      });

      it('is asked whether it lives and is ready', () => {
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const)
          expect(container?.[probe], probe).to.be.an('object');
      });

      it('writes in one folder only; what it reads is mounted read-only', () => {
        const writable = container?.volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
        expect(writable).to.deep.equal(['/var/lib/auditveil']);
        expect(container?.volumeMounts.map((mount) => mount.name).sort()).to.deep.equal(volumeNamesOf(manifest));
      });

      it('starts with a configuration that loads, all of whose files are mounted', () => {
        const file = container?.args[container.args.indexOf('--config') + 1] ?? '';
        expect(mountOf(spec, file)).to.be.an('object');
        const text = configOf(manifest.metadata.namespace)?.data?.['config.yaml'];
        // The static pod takes what `init` wrote on the node.
        if (manifest.kind === 'Pod') return;
        const config = loadConfig(text ?? '', file, {});
        const written = [config.log.directory, ...config.sinks.flatMap((sink) => ('path' in sink ? sink.path : []))];
        for (const path of written) {
          const mount = mountOf(spec, path);
          expect(mount, path).to.be.an('object');
          expect(mount?.readOnly ?? false, path).to.equal(false);
        }
        const read = [config.masking.keyFile ?? ''];
        for (const source of config.sources) {
          if (source.type === 'file') read.push(source.path);
          if (source.type === 'webhook' && source.tls)
            read.push(source.tls.certFile, source.tls.keyFile, source.tls.clientCaFile ?? '');
        }
        for (const path of read) expect(mountOf(spec, path)?.readOnly, path).to.equal(true);
      });
    });
  }

  it('lets nobody in but who is named, and nothing out, wherever a pod is on the cluster network', () => {
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    for (const { manifest, spec } of workloads) {
      if (spec.hostNetwork) continue;
      const labels = manifest.metadata.labels ?? {};
      const own = policies.find(({ metadata }) => metadata.namespace === manifest.metadata.namespace);
      const policy = own?.spec as {
        readonly podSelector: { readonly matchLabels: object };
        readonly policyTypes: readonly string[];
        readonly egress: readonly unknown[];
      };
      expect(policy.podSelector.matchLabels).to.deep.equal(labels);
      expect(policy.policyTypes).to.deep.equal(['Ingress', 'Egress']);
      expect(policy.egress).to.deep.equal([]);
    }
  });

  it('asks the API for nothing but the metrics of doctor', () => {
    const roles = all.filter(({ kind }) => kind.endsWith('Role'));
    expect(roles.map((role) => (role as unknown as { readonly rules: unknown }).rules)).to.deep.equal([
      [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
    ]);
  });
});
