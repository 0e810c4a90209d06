import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import type { FindingDetail, FindingSeries, FindingsPage } from '../api.ts';
import { notFound } from '../api-fault.ts';
import { eventsAround, eventTextOf } from '../events-around.ts';
import type { FindingRow } from '../finding-row.ts';
import { findingSeries } from '../finding-series.ts';
import { checkNames, findingFilter, findingNames, limitOf, positionText, rangeOf, textOf } from '../parse-query.ts';
import { readRevisions } from '../read-revisions.ts';
import type { Route } from '../router.ts';
import { stepOf } from './event-routes.ts';
import type { WebContext } from './web-context.ts';

const fewRows = 100;

/** Lists of findings, and one with all that is known of it. */
export function findingRoutes({ view, loaded, ports, questions }: WebContext): readonly Route[] {
  const list = async (query: URLSearchParams): Promise<FindingsPage> => {
    checkNames(query, [...findingNames, 'limit', 'before']);
    await loaded;
    const position = positionText(view.changes.end ?? { segment: 0, offset: 0 });
    const page = { limit: limitOf(query, fewRows), before: textOf(query, 'before') };
    const { rows, total, next } = await view.search(findingFilter(query), page);
    return { items: rows.map((row) => view.itemOf(row)), total, ...(next !== undefined && { next }), position };
  };
  const detail = async (row: FindingRow, signal: AbortSignal): Promise<FindingDetail> => {
    const item = view.itemOf(row);
    const older = await readRevisions(`${ports.dataDirectory}/findings`, row, signal);
    const revisions: readonly Finding[] = older.length > 0 ? older : [item.finding];
    const event = await eventTextOf(ports.events, item.finding, signal);
    return {
      ...{ item, revisions, reviews: row.reviews },
      ...(event !== undefined && { event }),
      around: await eventsAround(ports.events, item.finding, signal, limits.webRows),
    };
  };
  const series = async (query: URLSearchParams): Promise<FindingSeries> => {
    checkNames(query, [...findingNames, 'stepMs']);
    await loaded;
    const range = rangeOf(query, ports.clock.nowMs());
    return findingSeries(view, { ...findingFilter(query), ...range }, stepOf(query, range));
  };
  return [
    { method: 'GET', path: '/findings/series', role: 'auditor', handle: async ({ query }) => ({ body: await series(query) }) },
    { method: 'GET', path: '/findings', role: 'auditor', handle: async ({ query }) => ({ body: await list(query) }) },
    {
      method: 'GET',
      path: '/findings/:id',
      role: 'auditor',
      reads: true,
      handle: async ({ params, query, signal }) => {
        checkNames(query, []);
        await loaded;
        const row = view.get(params['id'] ?? '');
        if (!row)
          throw notFound('there is no such finding', 'It may be older than what is kept: `GET /findings` lists those there are.');
        return { body: await questions.ask((until) => detail(row, until), signal) };
      },
    },
  ];
}
