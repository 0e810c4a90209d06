/** `file`: kube-apiserver writes a log that is followed. `webhook`: it sends events over HTTPS. */
export const wiringKinds = ['webhook', 'file'] as const;
export type WiringKind = (typeof wiringKinds)[number];

export interface AgentConfigFacts {
  readonly kind: WiringKind;
  readonly cluster: string;
  readonly auditLog: string;
  /** `address:port` to listen on. */
  readonly listen: string;
  /** Common name of the one client that may send. */
  readonly clientName: string;
  /** Where the log and the findings go; undefined: beside the configuration. */
  readonly dataDirectory?: string | undefined;
}

/** The configuration of the agent beside the other files of `init`: paths are relative to it. */
export function agentConfigText(facts: AgentConfigFacts): string {
  const data = facts.dataDirectory === undefined ? '' : `${facts.dataDirectory.replace(/\/$/, '')}/`;
  return `# Configuration of Auditveil, written by \`auditveil init\`. Every option: docs/config.md
version: 1
cluster:
  name: ${facts.cluster}
sources:
${facts.kind === 'file' ? fileSource(facts) : webhookSource(facts)}masking:
  policy: standard
  keyFile: keys.json
log:
  directory: ${data}data
  maxBytes: 10737418240 # 10 GiB; the oldest is deleted beyond it
sinks:
  - type: file
    name: findings
    content: findings
    path: ${data}findings.jsonl
telemetry:
  listen: 127.0.0.1:9464
`;
}

function fileSource({ auditLog }: AgentConfigFacts): string {
  return `  - type: file
    name: apiserver
    path: ${auditLog}
`;
}

function webhookSource({ listen, clientName }: AgentConfigFacts): string {
  return `  - type: webhook
    name: apiserver
    listen: "${listen}"
    path: /audit
    tls:
      certFile: tls/server.crt
      keyFile: tls/server.key
      clientCaFile: tls/ca.crt
      allowedNames: [${clientName}]
`;
}
