/** Texts that would run, restyle, reorder or overflow where a page reads data as anything but text. */
export const hostileTexts = [
  '<script>window.hacked=1</script>',
  '<img src=x onerror="window.hacked=1">',
  '"><svg onload=window.hacked=1>',
  "javascript:window.hacked=1//'-alert(1)-'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template language would read it
  "{{constructor.constructor('window.hacked=1')()}}${window.hacked=1}<%=window.hacked=1%>",
  '</title></style></textarea><iframe srcdoc="<script>parent.hacked=1</script>">',
  'reversed \u202e gnp.exe \u2066\u200f\u2069',
  'control \u0000\u0007\u001b[2J\u001b[31m\u009b\r\n\tbytes',
  'combining Z\u0351\u036b\u0343\u032a\u0302\u032b\u033d wide \ufdfd \u{12031} \ud83d\udc69\u200d\ud83d\udcbb',
  'x'.repeat(20_000),
  `${'word '.repeat(4_000)}`,
  '__proto__ constructor toString',
] as const;

/** The event with a hostile text in each place where a client has a say. */
export function hostileEvent(line: string, text: string, number: number): string {
  const event = JSON.parse(line) as Record<string, unknown>;
  const own = (name: string, more: object): object => ({ ...((event[name] ?? {}) as object), ...more });
  return JSON.stringify({
    ...event,
    auditID: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    user: own('user', { username: `system:serviceaccount:${text}:${number}`, groups: [text] }),
    userAgent: `kubectl/${text}`,
    objectRef: own('objectRef', { namespace: `${text}${number}`, name: text, resource: 'pods', subresource: 'exec' }),
    verb: 'create',
    requestURI: `/api/v1/namespaces/x/pods/y/exec?command=${encodeURIComponent(text)}`,
    responseStatus: { code: 101, reason: text, message: text },
    requestObject: { kind: 'PodExecOptions', command: ['sh', '-c', text], [text]: text },
    annotations: { [text]: text, 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': text },
  });
}
