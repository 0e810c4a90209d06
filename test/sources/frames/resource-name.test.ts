import { expect } from 'chai';
import { parseMethodName, parseResourceName, pathOf } from '../../../src/sources/frames/resource-name.ts';

describe('sources/frames/resource-name', () => {
  it('reads resource names and writes the path of the request', () => {
    const path = (name: string): string | undefined => {
      const found = parseResourceName(name);
      return found && pathOf(found);
    };
    expect(path('core/v1/namespaces/shop/pods/web-0/exec')).to.equal('/api/v1/namespaces/shop/pods/web-0/exec');
    expect(path('core/v1/secrets')).to.equal('/api/v1/secrets');
    expect(path('core/v1/namespaces/shop')).to.equal('/api/v1/namespaces/shop');
    expect(path('core/v1/namespaces')).to.equal('/api/v1/namespaces');
    expect(path('apps/v1/namespaces/shop/deployments/web')).to.equal('/apis/apps/v1/namespaces/shop/deployments/web');
    expect(path('rbac.authorization.k8s.io/v1/clusterroles/a')).to.equal('/apis/rbac.authorization.k8s.io/v1/clusterroles/a');
    for (const other of ['', 'healthz', '/readyz', 'core/v1/healthz', 'core/v1', 'a/b/c'])
      expect(path(other), other).to.equal(undefined);
  });

  it('reads the parts as an event has them', () => {
    expect(parseResourceName('core/v1/namespaces/shop/pods/web-0/exec')).to.deep.equal({
      apiGroup: '',
      apiVersion: 'v1',
      resource: 'pods',
      namespace: 'shop',
      name: 'web-0',
      subresource: 'exec',
    });
    expect(parseResourceName('core/v1/namespaces/shop')).to.deep.include({
      resource: 'namespaces',
      namespace: 'shop',
      name: 'shop',
    });
  });

  it('reads method names', () => {
    expect(parseMethodName('io.k8s.core.v1.pods.exec.create')).to.deep.equal({
      verb: 'create',
      resource: { apiGroup: '', apiVersion: 'v1', resource: 'pods', subresource: 'exec' },
    });
    const group = (method: string): string | undefined => parseMethodName(method).resource?.apiGroup;
    expect(group('io.k8s.apps.v1.daemonsets.create')).to.equal('apps');
    expect(group('io.k8s.authorization.rbac.v1.roles.patch')).to.equal('rbac.authorization.k8s.io');
    expect(group('io.k8s.rbac.v1.roles.patch')).to.equal('rbac.authorization.k8s.io');
    expect(group('io.k8s.networking.v1.ingresses.list')).to.equal('networking.k8s.io');
    expect(group('io.cert-manager.v1alpha2.certificates.get')).to.equal('cert-manager.io');
    expect(parseMethodName('io.k8s.readyz')).to.deep.equal({ verb: 'get', path: '/readyz' });
    expect(parseMethodName('io.k8s.core.v1.healthz.get')).to.deep.equal({ verb: 'get', path: '/healthz' });
    expect(parseMethodName('').verb).to.equal('get');
  });

  it('takes nothing apart that is no dotted name: patterns know a token as a whole only', () => {
    const signature = 'a1B2c3D4'.repeat(6);
    for (const secret of [`eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.${signature}`, 'ann.lee@example.com', `SG.aB3_x.${signature}`])
      for (const method of [secret, `io.k8s.${secret}`, `io.k8s.core.v1.pods.${secret}.get`, `io.${secret}.v1.pods.get`])
        expect(parseMethodName(method), method).to.deep.equal({ verb: 'get', path: `/${method}` });
    const long = 'io.k8s.core.v1.validatingadmissionpolicybindingswithaverylongname.get';
    expect(parseMethodName(long).resource?.resource).to.equal(long.split('.')[4]);
    expect(parseMethodName('google.container.v1.ClusterManager.GetCluster').resource?.resource).to.equal('ClusterManager');
  });
});
