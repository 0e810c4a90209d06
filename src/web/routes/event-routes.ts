import { type EventFilter, type EventStore, topColumns } from '../../core/event-store.ts';
import { limits } from '../../core/limits.ts';
import type { EventText } from '../api.ts';
import { notFound, notHere, wrongQuery } from '../api-fault.ts';
import { heatOf } from '../heat.ts';
import { checkNames, eventFilter, eventNames, limitOf, numberOf, textOf, wordOf } from '../parse-query.ts';
import type { ApiCall, Route } from '../router.ts';
import type { WebContext } from './web-context.ts';

const fewRows = 100;
const fewValues = 20;

interface Question {
  readonly path: string;
  /** Names of its query besides the filter. */
  readonly names: readonly string[];
  readonly ask: (store: EventStore, filter: EventFilter, query: URLSearchParams, signal: AbortSignal) => Promise<unknown>;
}

const questions: readonly Question[] = [
  {
    path: '/events',
    names: ['limit', 'before'],
    ask: (store, filter, query, signal) => {
      const before = textOf(query, 'before');
      return store.search(filter, { limit: limitOf(query, fewRows), ...(before !== undefined && { before }) }, signal);
    },
  },
  {
    path: '/events/series',
    names: ['stepMs'],
    ask: (store, filter, query, signal) => store.series(filter, stepOf(query, filter.range), signal),
  },
  {
    path: '/events/top',
    names: ['column', 'limit'],
    ask: (store, filter, query, signal) =>
      store.top(filter, wordOf(query, 'column', topColumns) ?? 'user', limitOf(query, fewValues), signal),
  },
  {
    path: '/events/heat',
    names: ['limit', 'usualDays'],
    ask: (store, filter, query, signal) =>
      heatOf(store, filter, { limit: limitOf(query, fewValues), usualDays: numberOf(query, 'usualDays', 1, 90) }, signal),
  },
];

/** Questions about masked events. */
export function eventRoutes({ ports, questions: turns }: WebContext): readonly Route[] {
  const store = (): EventStore => {
    if (ports.events) return ports.events;
    throw notHere('there are no events here', 'Ask a server that has the data folder of an agent.');
  };
  const answer =
    ({ names, ask }: Question) =>
    async ({ query, signal }: ApiCall) => {
      checkNames(query, [...eventNames, ...names]);
      const filter = eventFilter(query, ports.clock.nowMs());
      return { body: await turns.ask((until) => ask(store(), filter, query, until), signal) };
    };
  return [
    ...questions.map(
      (question): Route => ({
        ...{ method: 'GET', path: question.path, role: 'auditor', reads: true },
        handle: answer(question),
      }),
    ),
    {
      ...{ method: 'GET', path: '/events/:digest', role: 'auditor', reads: true },
      handle: async ({ params, query, signal }) => {
        checkNames(query, []);
        const digest = params['digest'] ?? '';
        const isDigest = /^[0-9a-f]{32}$/.test(digest);
        const event = isDigest ? await turns.ask((until) => store().event(digest, until), signal) : undefined;
        if (event === undefined)
          throw notFound('there is no such event', 'It may have been deleted: the log keeps what `log` says.');
        return { body: { event } satisfies EventText };
      },
    },
  ];
}

/** Steps are at least a second, and no more than a screen has columns. */
export function stepOf(query: URLSearchParams, { sinceMs, untilMs }: EventFilter['range']): number {
  const usual = Math.max(1_000, Math.ceil((untilMs - sinceMs) / 120 / 1_000) * 1_000);
  const stepMs = numberOf(query, 'stepMs', 1_000, 366 * 86_400_000) ?? usual;
  if ((untilMs - sinceMs) / stepMs > limits.webSteps)
    throw wrongQuery('stepMs', `At most ${limits.webSteps} steps: make them longer.`);
  return stepMs;
}
