import { cutText } from './cut-text.ts';
import { kubectlWords } from './kubectl-intent.ts';
import { type RequestView, requestView } from './request-view.ts';

/** Longest intent that is shown. */
const textLimit = 160;

/** Tools that people work with, by the beginning of their user agent. */
const tools: readonly (readonly [agent: RegExp, name: string])[] = [
  [/^kubectl[-.\w]*\//i, 'kubectl'],
  [/^oc[-.\w]*\//, 'oc'],
];
const others: readonly (readonly [agent: RegExp, name: string])[] = [
  [/^k9s\//i, 'k9s'],
  [/\b(open)?lens\b/i, 'Lens'],
  [/^headlamp/i, 'Headlamp'],
  [/^curl\//i, 'curl'],
  [/^wget\//i, 'wget'],
  [/^python-requests\//i, 'Python script'],
  [/terraform|opentofu/i, 'Terraform'],
  [/^argocd-application-controller/, 'Argo CD'],
  [/^(kustomize|helm)-controller/, 'Flux'],
];

const releaseName = /^sh\.helm\.release\.v1\.(.+)\.v(\d+)$/;

/** Helm keeps each revision of a release as an object of its own, so its commands show in how these change. */
function helmIntent({ verb, resource, name, namespace, agent, query }: RequestView): string | undefined {
  const isHelm = /^helm\//i.test(agent);
  if (resource !== 'secrets' && resource !== 'configmaps') return isHelm ? `helm (${verb} ${resource} ${name})` : undefined;
  const place = namespace === '' ? '-A' : `-n ${namespace}`;
  if (verb === 'list' && /owner=helm/.test(query.get('labelSelector') ?? '')) return `helm list or status ${place}`;
  const [, release, revision] = releaseName.exec(name) ?? [];
  if (release === undefined) return isHelm ? `helm (${verb} ${resource} ${name})` : undefined;
  const command = helmCommand(verb, revision);
  return command === undefined ? undefined : `helm ${command} ${release} ${place}`;
}

function helmCommand(verb: string, revision: string | undefined): string | undefined {
  switch (verb) {
    case 'create':
      return revision === '1' ? 'install' : 'upgrade or rollback';
    case 'update':
    case 'patch':
      return `install or upgrade (sets the state of revision ${revision})`;
    case 'delete':
      return `uninstall (or drops revision ${revision})`;
    default:
      return verb === 'get' ? 'status or history' : undefined;
  }
}

/**
 * What a request looks like as a command of a person: `kubectl exec -it web-0 -n shop -- sh`, `helm upgrade web -n shop`. Read
 * from verb, object, user agent and query of a masked event; undefined for programs. It says what such a request usually comes
 * from: a client chooses its own user agent.
 */
export function intentOf(event: unknown): string | undefined {
  const view = requestView(event);
  if (view.verb === '') return undefined;
  const helm = helmIntent(view);
  if (helm !== undefined) return cutText(helm.trim(), textLimit);
  const tool = tools.find(([agent]) => agent.test(view.agent))?.[1];
  if (tool !== undefined) return cutText(`${tool} ${kubectlWords(view)}`, textLimit);
  const other = others.find(([agent]) => agent.test(view.agent))?.[1];
  return other === undefined ? undefined : cutText(`${other}, like kubectl ${kubectlWords(view)}`, textLimit);
}
