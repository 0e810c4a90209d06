/** Where the texts of `shapes` and `red-team` are put: every place of an event that can hold them, by name. */
export type Places = Readonly<Record<string, unknown>>;

export const applied = (object: unknown): unknown => ({
  requestObject: { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) } } },
});
const file = (text: string): unknown => ({ kind: 'ConfigMap', data: { file: text } });
const pod = (container: object): unknown => ({ requestObject: { kind: 'Pod', spec: { containers: [container] } } });
const exec = (words: readonly string[]): unknown => ({
  requestURI: `/api/v1/namespaces/a/pods/b/exec?${words.map((word) => `command=${encodeURIComponent(word)}`).join('&')}&container=c`,
});

/** The words of a line without pipes, lists and redirections, as a shell makes them. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? '') : double.replace(/\\(["\\$])/g, '$1'),
    ),
  );
}

export function commandPlaces(line: string): Places {
  const places = {
    file: { requestObject: file(line) },
    script: { requestObject: file(`#!/bin/sh\nset -e\n${line}\nexit 0\n`) },
    shell: pod({ command: ['sh', '-c', line] }),
    'shell in an exec request': exec(['sh', '-c', line]),
  };
  if (/[|;&<>]/.test(line)) return places;
  const [program, ...rest] = wordsOf(line);
  const words = [program as string, ...rest];
  return {
    ...places,
    words: pod({ command: words }),
    'command and args': pod({ command: [program], args: rest }),
    'args and command': pod({ args: rest, command: [program] }),
    'exec request': exec(words),
  };
}

export const filePlaces = (text: string): Places => ({
  file: { requestObject: file(text) },
  annotation: { responseObject: { kind: 'Widget', metadata: { annotations: { x: text } } } },
  base64: { requestObject: { kind: 'Widget', spec: { content: Buffer.from(text).toString('base64') } } },
  applied: applied(file(text)),
});

/** Where messages of programs and of the apiserver stand. */
export const messagePlaces = (text: string): Places => ({
  file: { requestObject: { kind: 'Event', message: text } },
  status: { responseStatus: { code: 400, message: text } },
  condition: { responseObject: { kind: 'Widget', status: { conditions: [{ type: 'Ready', message: text }] } } },
  annotation: { annotations: { 'example.com/audit': text } },
});
