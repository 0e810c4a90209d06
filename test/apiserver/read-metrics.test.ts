import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Metrics, readMetrics } from '../../src/apiserver/read-metrics.ts';
import type { Fault } from '../../src/core/faults.ts';

const page = `# HELP apiserver_audit_event_total [ALPHA] Counter of audit events generated.
# TYPE apiserver_audit_event_total counter
apiserver_audit_event_total 1234
apiserver_audit_event_total_bucket{le="1"} 7
apiserver_audit_error_total{plugin="webhook"} 3
apiserver_audit_error_total{plugin="buffered",node="a b"} 2
apiserver_audit_error_total{plugin="webhook",node="b"} 1.5e+01
process_start_time_seconds 1.7e+09 1700000000000
`;

describe('apiserver/read-metrics', () => {
  it('adds up the series of one name, and of no other that begins like it', () => {
    const metrics = new Metrics(page, 0);
    expect(metrics.sum('apiserver_audit_event_total')).to.equal(1234);
    expect(metrics.sum('apiserver_audit_error_total')).to.equal(20);
    expect(metrics.sum('apiserver_audit_error_total', { plugin: 'webhook' })).to.equal(18);
    expect(metrics.sum('process_start_time_seconds')).to.equal(1.7e9);
    expect(metrics.sum('apiserver_audit')).to.equal(undefined);
    expect([...metrics.by('apiserver_audit_error_total', 'plugin')]).to.deep.equal([
      ['webhook', 18],
      ['buffered', 2],
    ]);
  });

  describe('from a server', () => {
    let server: Server;
    let base: string;
    before(async () => {
      server = createServer((request, response) => {
        const known = request.headers.authorization === undefined;
        response.writeHead(request.url === '/metrics' ? (known ? 200 : 403) : 404);
        response.end(page);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());

    it('sends no token in the clear', async () => {
      const metrics = await readMetrics(`${base}/metrics`, { token: 'a-token-of-someone' });
      expect(metrics.sum('apiserver_audit_event_total')).to.equal(1234);
      expect(Math.abs(metrics.dateMs - Date.now())).to.be.lessThan(5_000);
    });

    it('says why a page cannot be had', async () => {
      const why = async (url: string): Promise<string> =>
        ((await readMetrics(url).catch((error: unknown) => error)) as Fault).message;
      expect(await why(`${base}/nothing`)).to.contain('answers 404');
      expect(await why('http://127.0.0.1:9/metrics')).to.contain('cannot be reached (ECONNREFUSED)');
      expect(await why('nowhere')).to.contain('no URL');
      const secret = await why('http://mu:planted@127.0.0.1:9/metrics?access_token=planted');
      expect(secret).to.contain('http://127.0.0.1:9/metrics cannot be reached').and.to.not.contain('planted');
    });
  });
});
