import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding } from '../../../src/core/finding.ts';
import { cefFinding, cefHeader, cefValue } from '../../../src/sinks/syslog/cef.ts';

const product = { name: 'Auditveil', version: '1.2.3' };
const finding: Finding = {
  id: 'f1',
  revision: 2,
  rule: {
    id: 'r|1',
    name: 'Exec\n|into\\pod',
    severity: 'high',
    author: 'a',
    licence: 'b',
    tags: ['attack.execution'],
    covers: [],
  },
  time: '2026-05-04T10:15:00.123456Z',
  cluster: 'lab',
  event: {
    auditID: 'a-1',
    stage: 'ResponseComplete',
    user: 'cn=jane\\ou|x',
    verb: 'create',
    resource: 'pods/exec',
    namespace: 'shop',
    name: 'web-0',
    sourceIPs: ['198.51.100.9', '192.0.2.1'],
    userAgent: undefined,
    code: 403,
    intent: 'kubectl exec web-0 -- sh -c "a=1\nb"',
  },
  evidence: {},
};

/** Reads CEF as receivers do: header by unescaped pipes, extension by ` key=`. */
function parse(line: string): { readonly header: readonly string[]; readonly extension: Readonly<Record<string, string>> } {
  const fields: string[] = [];
  let at = 0;
  for (let field = ''; at < line.length && fields.length < 7; at++) {
    if (line[at] === '|') {
      fields.push(field);
      field = '';
    } else field += line[at] === '\\' ? line[++at] : line[at];
  }
  const header = fields;
  const rest = line.slice(at);
  const starts = [...rest.matchAll(/(?:^| )([a-zA-Z0-9]+)=/g)];
  const extension: Record<string, string> = {};
  starts.forEach((match, i) => {
    const value = rest.slice(match.index + match[0].length, starts[i + 1]?.index);
    extension[match[1]!] = value.replace(/\\([=\\nr])/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c));
  });
  return { header, extension };
}

describe('sinks/syslog cef', () => {
  it('writes a finding that reads back as it was', () => {
    const { header, extension } = parse(cefFinding(finding, product, 'Exec: who | a=b'));
    expect(header).to.deep.equal(['CEF:0', 'Auditveil', 'Auditveil', '1.2.3', 'r|1', 'Exec |into\\pod', '8']);
    expect(extension).to.deep.equal({
      rt: '1777889700123',
      externalId: 'f1',
      act: 'create',
      outcome: 'failure',
      src: '192.0.2.1',
      suser: 'cn=jane\\ou|x',
      cs1: 'lab',
      cs1Label: 'Cluster',
      cs2: 'shop',
      cs2Label: 'Namespace',
      cs3: 'pods/exec',
      cs3Label: 'Resource',
      cs4: 'web-0',
      cs4Label: 'Name',
      cs5: 'attack.execution',
      cs5Label: 'Tags',
      cs6: 'kubectl exec web-0 -- sh -c "a=1\nb"',
      cs6Label: 'Command',
      cn1: '403',
      cn1Label: 'Code',
      cn2: '2',
      cn2Label: 'Revision',
      flexString1: 'a-1',
      flexString1Label: 'Audit ID',
      msg: 'Exec: who | a=b',
    });
  });

  it('puts an IPv6 address where it belongs', () => {
    const line = cefFinding({ ...finding, event: { ...finding.event, sourceIPs: ['2001:db8::1'] } }, product, '');
    expect(line).to.contain(' c6a2=2001:db8::1 c6a2Label=Source IPv6 Address ').and.not.to.contain(' src=');
  });

  it('lets no value end a field, start another or end the line', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab|=\\ \n\r\u2028\u0000é😀\u202e1'), maxLength: 60 });
    fc.assert(
      fc.property(text, (value) => {
        const line = cefFinding(
          { ...finding, rule: { ...finding.rule, name: value }, event: { ...finding.event, user: `x${value}` } },
          product,
          'm',
        );
        const { header, extension } = parse(line);
        return header.length === 7 && header[6] === '8' && extension['msg'] === 'm' && !/[\n\r\u2028\u2029]/.test(line);
      }),
      { examples: [['a|b'], ['\\'], ['\\|'], ['=1 suser=root'], ['a\\=b']] },
    );
  });

  it('escapes as the standard says', () => {
    expect(cefHeader('a|b\\c=d')).to.equal('a\\|b\\\\c=d');
    expect(cefValue('a|b\\c=d\r\ne\rf')).to.equal('a|b\\\\c\\=d\\ne\\rf');
    expect(cefValue('x'.repeat(2000))).to.have.length(1024);
  });
});
