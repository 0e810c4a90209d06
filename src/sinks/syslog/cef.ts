import type { Finding, Severity } from '../../core/finding.ts';
import { parseIpv4 } from '../../core/ip-address.ts';
import type { Product } from '../../core/product.ts';
import { unprintable } from '../../core/unprintable.ts';
import { cutText } from '../../findings/cut-text.ts';
import { microsecondsOf } from '../shared/finding-row.ts';

/** 0 to 10 of CEF: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high. */
const severities: Readonly<Record<Severity, number>> = { informational: 1, low: 3, medium: 5, high: 8, critical: 10 };

/** Longest values of the dictionary that we write: names and addresses 1023 characters, custom strings 4000. */
const shortCharacters = 1023;
const customCharacters = 4000;

/** A field of the header: pipes and backslashes are escaped, and there is only one line. */
export function cefHeader(text: string): string {
  return text.replace(unprintable, ' ').replace(/[\\|]/g, '\\$&');
}

/** A value of the extension: equals signs, backslashes and line ends are escaped; pipes stay. */
export function cefValue(text: string, limit = shortCharacters): string {
  return cutText(text, limit)
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r\n|\n|\u2028|\u2029/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(unprintable, ' ');
}

/** The address that the request came from, under the key of its family. */
function addressOf(sourceIps: readonly string[]): Readonly<Record<string, string>> {
  const address = sourceIps.at(-1);
  if (address === undefined) return {};
  return parseIpv4(address) ? { src: address } : { c6a2: address, c6a2Label: 'Source IPv6 Address' };
}

const custom = (key: string, label: string, value: string | number | undefined): Readonly<Record<string, string>> =>
  value === undefined || value === '' ? {} : { [key]: String(value), [`${key}Label`]: label };

function outcomeOf(code: number | undefined): string | undefined {
  if (code === undefined) return undefined;
  return code < 400 ? 'success' : 'failure';
}

/**
 * A finding in ArcSight's Common Event Format, version 0, without the syslog header.
 * Source: "ArcSight Common Event Format (CEF) Implementation Standard", extension dictionary.
 * @param summary one line for people
 */
export function cefFinding(finding: Finding, product: Product, summary: string): string {
  const { rule, event, episode, rolledUp } = finding;
  const header = ['CEF:0', product.name, product.name, product.version, rule.id, rule.name, String(severities[rule.severity])];
  const extension: Readonly<Record<string, string | number | undefined>> = {
    rt: Math.floor(microsecondsOf(finding.time) / 1000),
    externalId: finding.id,
    cnt: episode?.count ?? rolledUp?.count,
    act: event.verb,
    outcome: outcomeOf(event.code),
    ...addressOf(event.sourceIPs),
    suser: event.user,
    requestClientApplication: event.userAgent,
    ...custom('cs1', 'Cluster', finding.cluster),
    ...custom('cs2', 'Namespace', event.namespace),
    ...custom('cs3', 'Resource', event.resource),
    ...custom('cs4', 'Name', event.name),
    ...custom('cs5', 'Tags', rule.tags.join(',')),
    ...custom('cs6', 'Command', event.intent),
    ...custom('cn1', 'Code', event.code),
    ...custom('cn2', 'Revision', finding.revision),
    ...custom('flexString1', 'Audit ID', event.auditID),
    msg: summary,
  };
  const pairs = Object.entries(extension).flatMap(([key, value]) =>
    value === undefined || value === ''
      ? []
      : [`${key}=${cefValue(String(value), key.startsWith('cs') ? customCharacters : shortCharacters)}`],
  );
  return `${header.map((field, i) => (i === 0 ? field : cefHeader(field))).join('|')}|${pairs.join(' ')}`;
}
