import { expect } from 'chai';
import { lineMasker, shippedPacks } from '../../masking/support/mask-lines.ts';

describe('scan/reference/uri', () => {
  const mask = lineMasker(shippedPacks());
  const masked = (requestURI: string): string =>
    (JSON.parse(mask(JSON.stringify({ kind: 'Event', requestURI }))!) as { requestURI: string }).requestURI;
  const gone = encodeURIComponent('[MASKED:uri-parameter]');

  it('masks parameters by name and keeps the others', () => {
    expect(masked('/x?a=1&access_token=q1&b=2')).to.equal(`/x?a=1&access_token=${gone}&b=2`);
    expect(masked('/x?a=1;token=q1#b')).to.equal(`/x?a=1;token=${gone}#b`);
  });

  it('follows URIs inside parameters and paths, encoded once or twice', () => {
    const inner = 'https://x.example.com/cb?token=q1q1q1&a=b';
    for (const uri of [inner, encodeURIComponent(inner)]) {
      const out = masked(`/login?next=${encodeURIComponent(uri)}`);
      expect(decodeURIComponent(decodeURIComponent(out)))
        .to.include('MASKED')
        .and.not.include('q1q1q1');
    }
    expect(masked('/api/v1/namespaces/a/services/b/proxy/c%3Ftoken%3Dq1q1q1')).not.to.include('q1q1q1');
  });

  it('reads what is encoded in one segment of a path', () => {
    const encoded = Buffer.from('ines.costa@corp.example.com').toString('base64url');
    for (const digits of [encoded, `${encoded}=`, Buffer.from('ines.costa@corp.example.com').toString('hex')])
      for (const path of [
        `/x/${digits}`,
        `/api/v1/namespaces/a/services/b/proxy/login/${digits}/more`,
        `/a/${digits}?b=c`,
        `${digits}/a`,
      ]) {
        const out = masked(path);
        expect(out, path).not.to.include(digits);
        const [head = '', tail = ''] = path.split(digits);
        expect(out.startsWith(head) && out.endsWith(tail), out).to.equal(true);
      }
    for (const path of ['/api/v1/namespaces/kube-system/configmaps/kubeadm-config-something-long', `/x/${'QUFB'.repeat(8)}/y`])
      expect(masked(path)).to.equal(path);
  });

  it('searches names of parameters too', () => {
    const [key, mail] = [`AKIA${'2345672Q'.repeat(2)}`, 'ines.costa@corp.example.com'];
    const encoded = Buffer.from(mail).toString('base64');
    for (const name of [key, mail, encodeURIComponent(mail), `user[${mail}]`, encoded, encodeURIComponent(`${encoded}=`)])
      for (const uri of [`/x?${name}=1`, `/x?a=1&${name}=`, `/x?password.${name}=q1q1`, `/x?a#${name}=2`])
        expect(masked(uri), uri)
          .to.match(/MASKED|W01BU0tFR/)
          .and.not.include(name);
    expect(masked('/x?resourceVersionMatch=a&fields%5Bname%5D=b&x-y=c')).to.equal(
      '/x?resourceVersionMatch=a&fields%5Bname%5D=b&x-y=c',
    );
  });

  it('reads commands of exec requests as one command line', () => {
    const out = masked('/exec?command=mysql&command=-u&command=root&command=-pq1q1q1&tty=true');
    expect(out)
      .to.match(/^\/exec\?command=mysql&command=-u&command=root&command=-p%5BMASKED/)
      .and.match(/&tty=true$/);
  });

  it('leaves ordinary requests alone', () => {
    for (const uri of ['/api/v1/pods?limit=500&fieldSelector=metadata.name%3Dapp', '/healthz', '/x?y', '/x?a=%zz&=b']) {
      expect(masked(uri)).to.equal(uri);
    }
  });
});
