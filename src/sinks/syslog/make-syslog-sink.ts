import { hostname } from 'node:os';
import type { SyslogSinkConfig } from '../../config/sinks/syslog.ts';
import type { Finding } from '../../core/finding.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { createFormatter } from '../../findings/create-formatter.ts';
import { summaryOf } from '../../findings/summary.ts';
import { guardedLookup } from '../http/guarded-lookup.ts';
import { cefFinding } from './cef.ts';
import { StreamTransport } from './stream-transport.ts';
import { SyslogSink } from './syslog-sink.ts';
import type { SyslogTransport } from './syslog-transport.ts';
import { UdpTransport } from './udp-transport.ts';

export function makeSyslogSink(config: SyslogSinkConfig, context: SinkContext): SyslogSink {
  const { facility, appName, enterpriseNumber, transport, maxMessageBytes } = config;
  return new SyslogSink({
    ...{ facility, appName, enterpriseNumber },
    hostname: config.hostname ?? hostname(),
    maxMessageBytes: maxMessageBytes ?? (transport === 'udp' ? 2048 : 65_536),
    transport: transportOf(config),
    finding: findingText(config.format, context),
  });
}

function transportOf({ host, port, transport, tls, framing, timeoutMs, resendBytes }: SyslogSinkConfig): SyslogTransport {
  const lookup = guardedLookup(false);
  if (transport === 'udp') return new UdpTransport({ host, port: port ?? 514, lookup });
  const isTls = transport === 'tls';
  return new StreamTransport({
    ...{ host, framing, timeoutMs, resendBytes, lookup },
    port: port ?? (isTls ? 6514 : 514),
    tls: isTls ? (tls ?? {}) : undefined,
  });
}

function findingText(format: SyslogSinkConfig['format'], { product }: SinkContext): (finding: Finding) => string {
  if (format === 'text') return summaryOf;
  if (format === 'cef') return (finding) => cefFinding(finding, product, summaryOf(finding));
  return createFormatter(format, product);
}
