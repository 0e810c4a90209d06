import { expect } from 'chai';
import { encodingsOf } from '../../src/demo/find-planted.ts';
import { makeRecording } from '../../src/demo/recording.ts';

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username?: string };
  readonly sourceIPs: readonly string[];
  readonly objectRef?: Readonly<Record<string, string>>;
  readonly responseStatus: { readonly code: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

const startMs = Date.parse('2026-03-02T09:00:00Z');
const recording = makeRecording(startMs);
const events = recording.events.map(({ line }) => JSON.parse(line) as AuditEvent);

describe('demo/recording', () => {
  it('is the same every time', () => {
    expect(makeRecording(startMs)).to.deep.equal(recording);
  });

  it('lasts about a minute, in the order of its times', () => {
    const times = recording.events.map(({ at }) => at);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(times.at(-1)).to.be.within(55_000, 65_000);
    for (const [i, event] of events.entries()) {
      expect(Date.parse(event.stageTimestamp)).to.equal(startMs + (recording.events[i]?.at ?? 0));
      expect(Date.parse(event.requestReceivedTimestamp)).to.be.at.most(Date.parse(event.stageTimestamp));
    }
  });

  it('gives every event its own audit ID', () => {
    expect(new Set(events.map(({ auditID }) => auditID)).size).to.equal(events.length);
  });

  it('is mostly everyday work', () => {
    const thief = events.filter(({ sourceIPs }) => sourceIPs.includes('203.0.113.66'));
    expect(thief.length).to.be.greaterThan(30);
    expect(events.length).to.be.greaterThan(5 * thief.length);
  });

  it('tells the whole story of the intrusion', () => {
    const seen = (what: (event: AuditEvent) => boolean): number => events.filter(what).length;
    const created = (resource: string): number =>
      seen(
        (event) => event.verb === 'create' && event.objectRef?.['resource'] === resource && event.sourceIPs[0] === '203.0.113.66',
      );
    expect(seen(({ responseStatus, user }) => responseStatus.code === 401 && user.username === undefined)).to.be.at.least(20);
    expect(
      seen(({ responseStatus, user }) => responseStatus.code === 403 && user.username === 'system:anonymous'),
    ).to.be.at.least(6);
    expect(
      seen(
        ({ verb, objectRef, responseStatus }) =>
          verb === 'list' && objectRef?.['resource'] === 'secrets' && responseStatus.code === 200,
      ),
    ).to.equal(2);
    expect(seen(({ objectRef }) => objectRef?.['subresource'] === 'exec')).to.be.at.least(2);
    expect(seen(({ objectRef }) => objectRef?.['subresource'] === 'token')).to.equal(1);
    expect(created('pods')).to.equal(1);
    expect(created('clusterrolebindings')).to.equal(1);
    expect(seen(({ verb, objectRef }) => verb === 'deletecollection' && objectRef?.['resource'] === 'events')).to.equal(2);
  });

  it('uses documentation addresses for everything outside the cluster', () => {
    const outside = events
      .flatMap(({ sourceIPs }) => sourceIPs)
      .filter((address) => !/^(10\.|::1$|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/.test(address));
    expect(outside).to.deep.equal([]);
  });

  it('holds every secret it says it planted, so that looking for them proves something', () => {
    const text = recording.events.map(({ line }) => line).join('\n');
    // A key inside a Secret stands there in base64, as a planted value of its own.
    const missing = recording.planted.filter((secret) => !encodingsOf(secret.value).some((form) => text.includes(form)));
    expect(missing.map(({ kind, where }) => `${kind} in ${where}`)).to.deep.equal([]);
    expect(new Set(recording.planted.map(({ value }) => value)).size).to.be.at.least(50);
    expect(new Set(recording.planted.map(({ kind }) => kind))).to.have.all.keys(
      'password',
      'aws-key',
      'jwt',
      'pem',
      'secret-data',
      'email',
      'bearer',
    );
  });
});
