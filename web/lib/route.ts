/** Views of the page, in the order in which they stand. */
export const views = ['findings', 'reviews', 'overview', 'events', 'rules', 'posture', 'health', 'try'] as const;
export type View = (typeof views)[number];

/** Where the page is: everything that is chosen stands in the address, so that a link shows the same to a colleague. */
export interface Route {
  readonly view: View;
  /** Of one finding, rule or event. */
  readonly id?: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Reads what stands after `#` in an address; findings where it is nothing known. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [first = '', ...rest] = path.split('/');
  const view = views.find((one) => one === first) ?? 'findings';
  const id = decoded(rest.join('/'));
  return { view, ...(id === '' ? {} : { id }), params: Object.fromEntries(new URLSearchParams(query)) };
}

export function routeText({ view, id, params }: Route): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return `#/${view}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${query === '' ? '' : `?${query}`}`;
}

/** With some parameters changed; those that are undefined are taken away. */
export function withParams(route: Route, changes: Readonly<Record<string, string | undefined>>): Route {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...route.params, ...changes }))
    if (value !== undefined && value !== '') params[name] = value;
  return { ...route, params };
}

/** As it is where it is no encoded text. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
