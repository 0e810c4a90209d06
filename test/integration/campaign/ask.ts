import type { Identity } from './identities.ts';
import { type AttackStep, jsonPatch, merge, type Step, strategic } from './step.ts';

type More = Partial<Omit<Step, 'what' | 'who' | 'path' | 'method' | 'body'>>;

/** Requests of one who uses one client. */
export interface Asking {
  get(what: string, path: string, more?: More): Step;
  post(what: string, path: string, body: object, more?: More): Step;
  put(what: string, path: string, body: object, more?: More): Step;
  merge(what: string, path: string, body: object, more?: More): Step;
  strategic(what: string, path: string, body: object, more?: More): Step;
  json(what: string, path: string, body: readonly object[], more?: More): Step;
  /** Server-side apply. */
  apply(what: string, path: string, body: object, more?: More): Step;
  remove(what: string, path: string, more?: More): Step;
  /** Opens a session: SPDY with POST, web sockets with GET. */
  open(what: string, path: string, more?: More & { readonly method?: string }): Step;
}

export function asks(who: Identity, client?: string): Asking {
  const base = { who, ...(client !== undefined && { client }) };
  const patch =
    (contentType: string) =>
    (what: string, path: string, body: object, more: More = {}): Step => ({
      ...base,
      what,
      path,
      body,
      method: 'PATCH',
      contentType,
      ...more,
    });
  return {
    get: (what, path, more = {}) => ({ ...base, what, path, ...more }),
    post: (what, path, body, more = {}) => ({ ...base, what, path, body, method: 'POST', ...more }),
    put: (what, path, body, more = {}) => ({ ...base, what, path, body, method: 'PUT', ...more }),
    merge: patch(merge),
    strategic: patch(strategic),
    json: patch(jsonPatch),
    apply: (what, path, body, more = {}) =>
      patch('application/apply-patch+yaml')(
        what,
        `${path}${path.includes('?') ? '&' : '?'}fieldManager=x&force=true`,
        body,
        more,
      ),
    remove: (what, path, more = {}) => ({ ...base, what, path, method: 'DELETE', ...more }),
    open: (what, path, more = {}) => ({ ...base, what, path, method: 'POST', upgrade: true, ...more }),
  };
}

/** Steps of an attack: their tactic, and with each the rows one of which must tell of it. */
export const attack = (tactic: string, ...steps: readonly (readonly [rows: string, step: Step])[]): readonly AttackStep[] =>
  steps.map(([rows, step]) => ({ ...step, tactic, rows: rows.split(' ') }));
