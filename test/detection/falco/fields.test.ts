import { expect } from 'chai';
import { falcoFields } from '../../../src/detection/falco/fields.ts';
import { nanoseconds, pointerNames } from '../../../src/detection/falco/json-fields.ts';
import { parseOutput } from '../../../src/detection/falco/output-template.ts';
import { falcoFaults, falcoRule, holds } from '../../support/falco.ts';
import { fullEvent as event } from '../../support/falco-event.ts';

/** Field, and what `%field` says of the event; another value where Falco reads it otherwise. */
const rows: readonly (readonly [field: string, text: string, upstream?: string])[] = [
  ['ka.auditid', 'a-1'],
  ['ka.stage', 'ResponseComplete'],
  ['ka.auth.decision', 'allow'],
  ['ka.auth.reason', 'RBAC: ok'],
  ['ka.auth.openshift.decision', 'deny'],
  ['ka.auth.openshift.username', 'os'],
  ['ka.validations.admission.policy.failure', 'vf'],
  ['ka.security.pod.violations', 'pv'],
  ['ka.cluster.name', 'c1'],
  ['ka.user.name', 'dev@example.com'],
  ['ka.user.groups', '(dev,system:authenticated)'],
  ['ka.impuser.name', 'admin'],
  ['ka.verb', 'create'],
  ['ka.uri', event.requestURI],
  ['ka.uri.param[command]', 'sh'],
  ['ka.uri.param[q]', 'a b c'],
  ['ka.uri.param[empty]', ''],
  ['ka.uri.param[none]', '<NA>'],
  ['ka.target.name', 'web'],
  ['ka.target.namespace', 'shop'],
  ['ka.target.resource', 'pods'],
  ['ka.target.subresource', 'exec'],
  ['ka.target.pod.name', 'web'],
  [
    'ka.req.binding.subjects',
    '({"kind":"User","name":"dana"},{"kind":"Group","name":"ops"},{"kind":"ServiceAccount","name":"bot","namespace":"ci"})',
  ],
  ['ka.req.binding.subjects.user_names', '(dana)'],
  ['ka.req.binding.subjects.group_names', '(ops)'],
  ['ka.req.binding.subjects.serviceaccount_names', '(bot)'],
  ['ka.req.binding.subjects.serviceaccount_ns_names', '(ci:bot)'],
  ['ka.req.binding.subject.has_name[dana]', 'true'],
  ['ka.req.binding.subject.has_name[eve]', 'false', 'true'],
  ['ka.req.binding.role', 'cluster-admin'],
  ['ka.req.configmap.name', 'web'],
  ['ka.req.configmap.obj', '{"a":"one","b.c":"pass\\"word"}'],
  [
    'ka.req.role.rules',
    '({"apiGroups":[""],"resources":["pods","pods/exec"],"verbs":["get"]},{"nonResourceURLs":["/metrics"],"verbs":["*"]})',
  ],
  ['ka.req.role.rules.apiGroups', '()'],
  ['ka.req.role.rules.nonResourceURLs', '(/metrics)'],
  ['ka.req.role.rules.resources', '(pods,pods/exec)'],
  ['ka.req.role.rules.verbs', '(get,*)'],
  ['ka.req.role.rules.verbs[1]', '(*)'],
  ['ka.req.service.type', 'NodePort'],
  ['ka.req.service.ports', '({"port":80,"nodePort":30080},{"port":443})', '([{"port":80,"nodePort":30080},{"port":443}])'],
  ['ka.req.service.ports[1]', '({"port":443})', '([{"port":80,"nodePort":30080},{"port":443}])'],
  ['ka.resp.name', 'web-1'],
  ['ka.response.code', '201'],
  ['ka.response.reason', 'Created'],
  ['ka.useragent', 'curl/8'],
  ['ka.sourceips', '(203.0.113.9,198.51.100.7)', '<NA>'],
  ['ka.sourceips[1]', '(198.51.100.7)', '<NA>'],
  ['ka.req.pod.containers.name', '(web,side)'],
  ['ka.req.pod.containers.name[1]', '(side)'],
  ['ka.req.pod.containers.name[2]', '<NA>'],
  ['ka.req.pod.containers.image', '(registry.example.com:5000/shop/web:1.2@sha256:ab,nginx:1.25)'],
  ['ka.req.pod.containers.image.repository', '(registry.example.com:5000/shop/web,nginx)', '(registry.example.com,nginx)'],
  ['ka.req.pod.containers.command', '(/bin/sh,-c)', '(["/bin/sh","-c"])'],
  ['ka.req.pod.containers.args', '(--x,y)', '(["--x","y"])'],
  ['ka.req.pod.containers.privileged', '(true)'],
  ['ka.req.pod.containers.allow_privilege_escalation', '(false)'],
  ['ka.req.pod.containers.read_only_fs', '(true)'],
  ['ka.req.pod.containers.run_as_user', '(0)'],
  ['ka.req.pod.containers.run_as_group', '(5)'],
  ['ka.req.pod.containers.eff_run_as_user', '(0,1000)', '(0,0)'],
  ['ka.req.pod.containers.eff_run_as_user[1]', '(1000)', '(0)'],
  ['ka.req.pod.containers.eff_run_as_group', '(5,2000)', '(0,0)'],
  ['ka.req.pod.containers.proc_mount', '(Unmasked)'],
  ['ka.req.pod.containers.add_capabilities', '(SYS_ADMIN,NET_RAW)', '(["SYS_ADMIN","NET_RAW"])'],
  ['ka.req.pod.containers.host_port', '(8080,90)'],
  ['ka.req.pod.initContainers.image', '(busybox)'],
  ['ka.req.pod.initContainers.privileged', '(false)'],
  ['ka.req.pod.ephemeralContainers.image.repository', '(alpine)'],
  ['ka.req.pod.ephemeralContainers.eff_run_as_user', '(7)', '(0)'],
  ['ka.req.pod.ephemeralContainers.privileged', '<NA>'],
  ['ka.req.pod.host_ipc', 'true'],
  ['ka.req.pod.host_network', 'false'],
  ['ka.req.pod.host_pid', 'true'],
  ['ka.req.pod.run_as_user', '1000'],
  ['ka.req.pod.run_as_group', '2000'],
  ['ka.req.pod.fs_group', '3000'],
  ['ka.req.pod.supplemental_groups', '(1,2)'],
  ['ka.req.pod.volumes.hostpath', '(/etc)'],
  ['ka.req.pod.volumes.hostpath[1]', '<NA>'],
  ['ka.req.pod.volumes.flexvolume_driver', '(x/y)'],
  ['ka.req.pod.volumes.volume_type', '(hostPath,emptyDir,flexVolume)'],
  ['ka.req.pod.volumes.volume_type[1]', '(emptyDir)'],
  ['ka.req.volume.hostpath[/etc]', 'true'],
  ['ka.req.volume.hostpath[/e*]', 'true'],
  ['ka.req.volume.hostpath[/etc/x]', 'false'],
  ['ka.req.container.image', 'registry.example.com:5000/shop/web:1.2@sha256:ab'],
  ['ka.req.container.image.repository', 'registry.example.com:5000/shop/web', 'registry.example.com'],
  ['ka.req.container.host_network', 'false'],
  ['ka.req.container.privileged', 'true'],
  ['jevt.value[/verb]', 'create'],
  ['json.value[verb]', 'create'],
  ['jevt.value[/annotations/authorization.k8s.io~1decision]', 'allow'],
  ['jevt.value[/requestObject/spec/containers/1/image]', 'nginx:1.25'],
  ['jevt.value[/requestObject/spec/containers/image]', '<NA>'],
  ['jevt.value[/requestObject/data/b.c]', 'pass"word'],
  ['jevt.value[/sourceIPs]', '["203.0.113.9","198.51.100.7"]'],
  ['jevt.value[/sourceIPs/0]', '203.0.113.9'],
  ['jevt.value[/a~1~0b]', '<NA>'],
  ['jevt.value[/responseStatus]', '{"code":201,"reason":"Created"}'],
  ['jevt.rawtime', '1777888800123456000'],
  ['json.rawtime', '1777888800123456000'],
  ['evt.rawtime', '1777888800123456000'],
  ['evt.rawtime.s', '1777888800'],
  ['evt.rawtime.ns', '123456000'],
  ['evt.time', '10:00:00.123456000'],
  ['evt.time.iso8601', '2026-05-04T10:00:00.123456000Z'],
  ['evt.datetime', '2026-05-04 10:00:00.123456000'],
  ['evt.source', 'k8s_audit'],
  ['evt.type', 'pluginevent'],
  ['evt.pluginname', 'k8saudit'],
];

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Checks that the matcher sees the values the output shows. */
function conditionFor(field: string, text: string, isList: boolean): string {
  const bracket = field.indexOf('[');
  const written = bracket < 0 ? field : `${field.slice(0, bracket)}[${quoted(field.slice(bracket + 1, -1))}]`;
  if (text === '<NA>') return `not ${written} exists`;
  return isList ? `join(",", ${written}) = ${quoted(text.slice(1, -1))}` : `${written} = ${quoted(text)}`;
}

describe('detection/falco/fields', () => {
  for (const [field, text, upstream = text] of rows) {
    it(`${field} is ${text}`, () => {
      const isList = falcoFields.find(({ name }) => name === field.replace(/\[.*/, ''))?.isList ?? false;
      for (const [expected, compat] of [
        [text, false],
        [upstream, true],
      ] as const) {
        expect(parseOutput(`%${field}`, compat).render(JSON.stringify(event)).text).to.equal(expected);
        expect(holds(conditionFor(field, expected, isList), event, { falcoCompat: compat }), `compat ${compat}`).to.equal(true);
      }
    });
  }

  it('are all in the table', () => {
    const shown = new Set(rows.map(([field]) => field.replace(/\[.*/, '')));
    const kinds = /^ka\.req\.pod\.(?:initContainers|ephemeralContainers)\./;
    expect(
      falcoFields
        .map(({ name }) => name)
        .filter((name) => !shown.has(name) && !kinds.test(name) && !/\.obj$|^evt\.num$/.test(name)),
    ).to.deep.equal([]);
    expect(falcoFields.filter(({ name }) => name.startsWith('ka.')).length).to.be.at.least(96);
  });

  it('of lists are tested value by value where they can be', () => {
    expect(holds('ka.req.pod.containers.add_capabilities intersects (SYS_ADMIN)', event)).to.equal(true);
    expect(holds('ka.req.pod.containers.add_capabilities intersects (SYS_ADMIN)', event, { falcoCompat: true })).to.equal(false);
    expect(holds('ka.req.pod.containers.image.repository in (nginx, registry.example.com:5000/shop/web)', event)).to.equal(true);
    expect(holds('ka.req.pod.containers.image.repository in (nginx)', event)).to.equal(false);
    expect(holds('ka.sourceips intersects (198.51.100.7)', event)).to.equal(true);
    expect(holds('ka.req.role.rules.verbs intersects ("*")', event)).to.equal(true);
    expect(holds('ka.req.role.rules.verbs[0] intersects ("*")', event)).to.equal(false);
  });

  it('of the whole event are its indented text', () => {
    expect(holds('jevt.obj contains "\\"verb\\": \\"create\\""', event)).to.equal(true);
    expect(holds('json.obj contains "nothing like that"', event)).to.equal(false);
    expect(holds('jevt.obj exists', event)).to.equal(true);
  });

  it('fold what is always and never true', () => {
    for (const [condition, expected] of [
      ['jevt.rawtime exists', true],
      ['jevt.rawtime=0', false],
      ['jevt.rawtime > 0', true],
      ['not jevt.rawtime exists', false],
      ['evt.source = k8s_audit', true],
      ['evt.type = open', false],
    ] as const)
      expect(holds(condition, { verb: 'get' }), condition).to.equal(expected);
  });

  it('fall back to the time a request came', () => {
    expect(holds('jevt.rawtime = 1777888799000000000', { ...event, stageTimestamp: undefined })).to.equal(true);
    expect(nanoseconds('2026-05-04T12:00:00.5+02:00')).to.equal('1777888800500000000');
    for (const text of [undefined, '', 'soon', '2026-05-04', '2026-13-04T10:00:00Z'])
      expect(nanoseconds(text)).to.equal(undefined);
  });

  it('of an event without an id are missing only where Falco says so', () => {
    const nameless = { ...event, auditID: undefined };
    expect(holds('ka.verb = create', nameless)).to.equal(true);
    expect(holds('ka.verb = create', nameless, { falcoCompat: true })).to.equal(false);
    expect(holds('jevt.value[/verb] = create', nameless, { falcoCompat: true })).to.equal(true);
  });

  it('see through escapes', () => {
    const raw = '{"verb":"creat\\u0065","requestObject":{"data":{"k":"pass\\u0077ord"}}}';
    expect(holds('ka.verb = create and ka.req.configmap.obj contains password', raw)).to.equal(true);
  });

  it('give what there is where Falco gives up', () => {
    const half = {
      auditID: 'a',
      requestURI: '/x?bad=%zz&good=1',
      requestObject: { spec: { containers: [{ image: 'a' }, { name: 'b' }] } },
    };
    for (const condition of [
      'ka.req.pod.containers.image intersects (a)',
      'ka.req.pod.containers.image.repository in (a)',
      'ka.uri.param[good] = 1',
    ]) {
      expect(holds(condition, half), condition).to.equal(true);
      expect(holds(condition, half, { falcoCompat: true }), condition).to.equal(false);
    }
  });

  it('of a pod are missing in requests about other things', () => {
    expect(holds('ka.target.pod.name exists', { objectRef: { resource: 'services', name: 'web' } })).to.equal(false);
  });

  it('of an event of another shape do no harm', () => {
    const odd = {
      user: [],
      requestObject: { subjects: {}, rules: 'x', spec: { containers: { image: 'a' }, volumes: [1], ports: 5 } },
    };
    for (const { name, argument } of falcoFields) {
      const written = argument === 'key' || argument === 'pointer' ? `${name}[/a/0]` : name;
      expect(holds(`${written} exists or not ${written} exists`, odd), name).to.equal(true);
    }
  });

  it('read pointers as RFC 6901 does, with or without the leading slash', () => {
    expect(pointerNames('/a~1b/~01/0')).to.deep.equal(['a/b', '~1', '0']);
    expect(pointerNames('a')).to.deep.equal(['a']);
    expect(holds('jevt.value[/x/*/y] = 1', { x: { '*': { y: 1 }, z: { y: 2 } } })).to.equal(true);
    expect(holds('jevt.value[/x/0] = 1', { x: { '0': 1 } })).to.equal(true);
    expect(holds('jevt.value[/*] = 1', { '*': 1, other: 2 })).to.equal(true);
    expect(holds('jevt.value[/x/a"b] = 1'.replace('[/x/a"b]', '["/x/a\\"b"]'), { x: { 'a"b': 1 } })).to.equal(true);
  });

  it('refuse wrong names and arguments, with a proposal', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ['ka.verbs = x', /^1\.yml:3:15 E_RULE_FIELD unknown field "ka\.verbs" Did you mean `ka\.verb`\?$/],
      ['ka.verb = x and proc.name = y', /^1\.yml:3:31 E_RULE_FIELD unknown field "proc\.name" Audit events have none/],
      ['ka.verb[0] = x', /ka\.verb takes no argument/],
      ['ka.uri.param = x', /ka\.uri\.param needs an argument Write ka\.uri\.param\[name\]/],
      ['jevt.value = x', /jevt\.value needs an argument/],
      ['ka.req.pod.containers.image[01] in (x)', /does not take "01" as an argument/],
      ['ka.req.pod.containers.image[a] in (x)', /does not take "a" as an argument/],
    ];
    for (const [condition, message] of wrong) expect(falcoFaults(falcoRule(condition)).join('\n'), condition).to.match(message);
  });
});
