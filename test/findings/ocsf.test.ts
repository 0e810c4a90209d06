import { expect } from 'chai';
import { type Finding, severities } from '../../src/core/finding.ts';
import { createFormatter } from '../../src/findings/create-formatter.ts';
import { bare, full, leavesOf, product } from './support.ts';

interface Ocsf {
  readonly [name: string]: unknown;
  readonly finding_info: Readonly<Record<string, unknown>>;
  readonly evidences: readonly Readonly<Record<string, unknown>>[];
  readonly unmapped: unknown;
}

const write = createFormatter('ocsf', product);
const ocsf = (finding: Finding): Ocsf => JSON.parse(write(finding)) as Ocsf;

/** Attributes of the class detection_finding and of the objects in it that OCSF 1.8.0 publishes, as far as they are used here. */
const published = [
  ...['class_uid', 'class_name', 'category_uid', 'category_name', 'activity_id', 'activity_name', 'type_uid', 'type_name'],
  ...['time', 'start_time', 'end_time', 'count', 'severity_id', 'severity', 'status_id', 'status', 'is_alert', 'message'],
  ...['metadata.version', 'metadata.product.name', 'metadata.product.vendor_name', 'metadata.product.version'],
  ...['metadata.log_name', 'metadata.uid', 'metadata.original_time'],
  ...['finding_info.uid', 'finding_info.title', 'finding_info.created_time', 'finding_info.first_seen_time'],
  ...[
    'finding_info.last_seen_time',
    'finding_info.related_events_count',
    'finding_info.analytic.uid',
    'finding_info.analytic.name',
  ],
  ...['finding_info.analytic.type_id', 'finding_info.analytic.type', 'finding_info.attacks', 'finding_info.attacks.version'],
  ...['finding_info.attacks.tactic.uid', 'finding_info.attacks.tactic.name', 'finding_info.attacks.technique.uid'],
  ...['finding_info.attacks.sub_technique.uid'],
  ...['evidences.uid', 'evidences.name', 'evidences.actor.user.name', 'evidences.actor.user.type_id', 'evidences.api.operation'],
  ...['evidences.api.service.name', 'evidences.api.request.uid', 'evidences.api.response.code', 'evidences.src_endpoint.ip'],
  ...['evidences.src_endpoint.intermediate_ips', 'evidences.http_request.user_agent'],
  ...['resources', 'resources.type', 'resources.name', 'resources.namespace', 'resources.group.name', 'resources.group.type'],
];

/** `activity_id` and `status_id` of the class finding, `severity_id` of the dictionary. */
const enums: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  activity_id: { 1: 'Create', 2: 'Update', 3: 'Close' },
  status_id: { 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 5: 'Archived', 6: 'Deleted' },
  severity_id: { 1: 'Informational', 2: 'Low', 3: 'Medium', 4: 'High', 5: 'Critical', 6: 'Fatal' },
};
const captions: Readonly<Record<string, string>> = { activity_id: 'activity_name', status_id: 'status', severity_id: 'severity' };

describe('findings/ocsf', () => {
  it('uses attributes that the class publishes, and puts the rest below unmapped or evidence data', () => {
    for (const finding of [full, bare]) {
      const own = leavesOf(ocsf(finding)).filter((name) => !/^unmapped\.|^evidences\.data(\.|$)/.test(name));
      expect(own.filter((name) => !published.includes(name))).to.deep.equal([]);
    }
  });

  it('has what the class requires, with a type that fits class and activity', () => {
    for (const finding of [full, bare]) {
      const made = ocsf(finding);
      expect(made).to.include({ class_uid: 2004, category_uid: 2 });
      expect(made['type_uid']).to.equal(200400 + Number(made['activity_id']));
      expect(made['time']).to.equal(Date.UTC(2026, 4, 4, 10));
      expect(made['metadata']).to.deep.include({
        version: '1.8.0',
        product: { name: 'Auditveil', vendor_name: 'Auditveil', version: '1.2.3' },
      });
      expect(made.finding_info).to.include({ uid: finding.id, title: finding.rule.name });
      expect(made.finding_info['analytic']).to.include({ type_id: 1 });
    }
  });

  it('names numbers by their published captions', () => {
    const merged: Finding = { ...full, episode: { ...(full.episode ?? expect.fail()), mergedInto: 'e-0' } };
    const all = [full, bare, merged, ...severities.map((severity) => ({ ...full, rule: { ...full.rule, severity } }))];
    for (const finding of all) {
      const made = ocsf(finding);
      for (const [name, values] of Object.entries(enums))
        expect(made[captions[name] ?? ''], name).to.equal(values[Number(made[name])]);
    }
    expect(ocsf(bare)['activity_id']).to.equal(1);
    expect(ocsf(full)['activity_id']).to.equal(2);
    expect(ocsf(merged)).to.include({ activity_id: 3, is_alert: false });
  });

  it('calls medium and above an alert', () => {
    const alerts = severities.map((severity) => ocsf({ ...full, rule: { ...full.rule, severity } })['is_alert']);
    expect(alerts).to.deep.equal([false, false, true, true, true]);
  });

  it('gives every technique with its tactic', () => {
    expect(ocsf(full).finding_info['attacks']).to.deep.equal([
      {
        version: '16',
        tactic: { uid: 'TA0003', name: 'Persistence' },
        technique: { uid: 'T1098' },
        sub_technique: { uid: 'T1098.006' },
      },
      { version: '16', tactic: { uid: 'TA0003', name: 'Persistence' }, technique: { uid: 'T1078' } },
    ]);
  });

  it('takes the peer of the connection as the source, and the rest as intermediate', () => {
    expect(ocsf(full).evidences[0]?.['src_endpoint']).to.deep.equal({ ip: '192.0.2.7', intermediate_ips: ['203.0.113.5'] });
  });

  it('tells people, service accounts and the system apart', () => {
    const typeOf = (user: string): unknown => {
      const actor = ocsf({ ...full, event: { ...full.event, user } }).evidences[0]?.['actor'];
      return (actor as { user: { type_id: number } }).user.type_id;
    };
    expect(['system:serviceaccount:a:b', 'system:node:n', '[MASKED:user:k1:0011223344556677]'].map(typeOf)).to.deep.equal([
      4, 3, 1,
    ]);
  });

  it('keeps author and licence of the rule, the episode and the matched fields', () => {
    expect(ocsf(full).unmapped).to.deep.include({
      rule: { author: 'Somebody', license: 'DRL 1.1', covers: ['PE08'], tags: full.rule.tags },
    });
    expect(ocsf(full).evidences[0]?.['data']).to.deep.equal({ stage: 'ResponseComplete', fields: full.evidence });
    expect(ocsf(full)).to.include({ count: 7, start_time: Date.UTC(2026, 4, 4, 9, 59) });
  });
});
