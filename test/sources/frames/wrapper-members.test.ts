import { expect } from 'chai';
import { beginsAsObject, memberOf, roleOf } from '../../../src/sources/frames/wrapper-members.ts';

const role = (value: unknown): string => {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const found = roleOf(bytes, 0, bytes.length);
  return 'audit' in found && found.audit !== undefined ? `${found.type} ${found.audit}` : found.type;
};

describe('sources/frames/wrapper-members', () => {
  it('tells what an object holds by its own members', () => {
    expect(role({ kind: 'EventList', items: [] })).to.equal('elements');
    expect(role({ logStream: 'kube-apiserver-audit-9', logEvents: [] })).to.equal('elements audit');
    expect(role({ category: 'kube-audit-admin', properties: { log: '{}' } })).to.equal('inside audit');
    expect(role({ category: 'guard', properties: { log: '{}' } })).to.equal('inside other-category');
    expect(role({ logStream: 'authenticator-9', message: 'x' })).to.equal('inside other-log-stream');
    expect(role({ log: 'x', stream: 'stderr', time: 't' })).to.equal('inside standard-error');
    expect(role({ message: '{}' })).to.equal('inside');
    expect(role({ message: { data: 'H4sIAAAA' } })).to.equal('encoded');
    expect(role({ awslogs: { data: 'H4sIAAAA' } })).to.equal('encoded');
    expect(role({ messageType: 'CONTROL_MESSAGE', logEvents: [] })).to.equal('other');
  });

  it('takes an event for an event, whatever else it has', () => {
    for (const value of [
      { auditID: 'a', message: '{}' },
      { message: '{}', verb: 'get' },
      { kind: 'Event', items: [] },
      { data: 'no base64 of an object' },
      { data: 5, message: 7 },
      {},
    ])
      expect(role(value), JSON.stringify(value)).to.equal('event');
    expect(role('{"items":[')).to.equal('event');
  });

  it('knows entries of Kubernetes among those of Google Cloud', () => {
    const entry = (payload: object) => role({ insertId: 'a', protoPayload: payload });
    expect(entry({ serviceName: 'k8s.io' })).to.equal('logEntry');
    expect(entry({ methodName: 'io.k8s.core.v1.pods.get' })).to.equal('logEntry');
    expect(entry({ serviceName: 'container.googleapis.com', methodName: 'io.x' })).to.equal('event');
    const permission = [{ granted: true, permission: 'io.k8s.batch.v1.jobs.create' }];
    expect(entry({ serviceName: 'deploymentmanager.googleapis.com', authorizationInfo: permission })).to.equal('logEntry');
    expect(entry({ serviceName: 'x', authorizationInfo: [] })).to.equal('event');
  });

  it('finds a member of an object and nothing in what is none', () => {
    const bytes = Buffer.from('{"a":1,"b":{"a":2}}');
    expect(memberOf(bytes, { start: 0, end: bytes.length }, 'b')).to.deep.equal({ start: 11, end: 18 });
    expect(memberOf(bytes, { start: 0, end: bytes.length }, 'c')).to.equal(undefined);
    expect(memberOf(bytes, { start: 5, end: 6 }, 'a')).to.equal(undefined);
  });

  it('sees where a string begins as an object', () => {
    const begins = (text: string) => beginsAsObject(Buffer.from(text), { start: 0, end: text.length });
    expect(['{}', '"{"', '" {', '"\\n\\t{'].every(begins)).to.equal(true);
    expect(['"x{"', '"\\\\{"', '[', '""', '5'].some(begins)).to.equal(false);
  });
});
