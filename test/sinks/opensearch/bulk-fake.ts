import type { Reply, SeenRequest } from '../../support/http-server.ts';

interface Action {
  readonly create?: { readonly _index?: unknown; readonly _id?: unknown };
}

/** What OpenSearch and Elasticsearch say of a bulk request, as their API describes it. Keeps documents by index and id. */
export class BulkFake {
  readonly documents = new Map<string, string>();
  readonly templates = new Map<string, string>();
  /** Status and type of error for a document; undefined: it is taken. */
  judge: (id: string, document: string) => { readonly status: number; readonly type: string } | undefined = () => undefined;

  answer(request: SeenRequest): Reply {
    const url = new URL(request.path, 'http://fake.example.com');
    const template = /^\/_index_template\/([a-z-]+)$/.exec(url.pathname)?.[1];
    if (template !== undefined) return this.#template(template, request);
    if (request.method === 'HEAD') return { status: 404 };
    if (request.method !== 'POST' || url.pathname !== '/_bulk') return { status: 405 };
    return this.#bulk(request, url.searchParams.get('filter_path') === 'errors,items.*.status,items.*.error.type');
  }

  #template(name: string, { method, body }: SeenRequest): Reply {
    const known = this.templates.get(name);
    if (method === 'PUT') {
      this.templates.set(name, body);
      return { status: 200, body: '{"acknowledged":true}' };
    }
    if (known === undefined) return { status: 404, body: '{"error":{"type":"resource_not_found_exception"},"status":404}' };
    const { version } = JSON.parse(known) as { readonly version: number };
    return { status: 200, body: JSON.stringify({ index_templates: [{ index_template: { version } }] }) };
  }

  #bulk({ headers, body }: SeenRequest, isFiltered: boolean): Reply {
    const lines = body.split('\n');
    if (headers['content-type'] !== 'application/x-ndjson') return { status: 406 };
    if (lines.pop() !== '' || lines.length % 2 !== 0)
      return { status: 400, body: '{"error":{"type":"illegal_argument_exception"}}' };
    const items: object[] = [];
    for (let i = 0; i < lines.length; i += 2) {
      const { create } = JSON.parse(lines[i]!) as Action;
      const document = lines[i + 1]!;
      if (typeof create?._index !== 'string' || typeof create._id !== 'string') return { status: 400 };
      if (typeof (JSON.parse(document) as Record<string, unknown>)['@timestamp'] !== 'string') return { status: 400 };
      const key = `${create._index}/${create._id}`;
      const refusal = this.documents.has(key)
        ? { status: 409, type: 'version_conflict_engine_exception' }
        : this.judge(create._id, document);
      if (!refusal) this.documents.set(key, document);
      const error = refusal && { type: refusal.type, ...(!isFiltered && { reason: document }) };
      items.push({ create: refusal ? { status: refusal.status, error } : { status: 201 } });
    }
    return { status: 200, body: JSON.stringify({ errors: true, items }) };
  }
}
