import { limits } from '../../core/limits.ts';
import { ChangePump } from '../change-pump.ts';
import { completenessOf } from '../completeness.ts';
import { EventStream } from '../event-stream.ts';
import { rowFilter } from '../finding-row.ts';
import { checkNames, findingFilter, findingNames, positionIn, textOf } from '../parse-query.ts';
import type { ApiCall, Route } from '../router.ts';
import type { WebContext } from './web-context.ts';

/** What changes, and how the process is. */
export function streamRoutes({ view, loaded, status, streams, ports }: WebContext): readonly Route[] {
  const stream = async ({ query, request, response, caller, signal }: ApiCall): Promise<'taken'> => {
    checkNames(query, [...findingNames, 'from', 'limit', 'before']);
    const isMeant = rowFilter(findingFilter(query));
    const header = request.headers['last-event-id'];
    const position = positionIn(typeof header === 'string' ? header : textOf(query, 'from'));
    streams.checkRoom();
    const signals = caller.session ? AbortSignal.any([signal, caller.session.over.signal]) : signal;
    const events = new EventStream(response, signals, streams);
    streams.add(events);
    await loaded;
    const from = position && view.changes.numberAt(position);
    const pump = new ChangePump(events, view, isMeant, from ?? view.changes.last);
    if (position && from === undefined) await events.send('reset', {}, pump.place);
    const sendStatus = async (): Promise<void> => {
      const now = await status.view();
      if (!events.isBusy) await events.send('status', now, pump.place);
    };
    await sendStatus();
    const timer = setInterval(() => void sendStatus(), limits.webStatusMs);
    try {
      await pump.run();
    } finally {
      clearInterval(timer);
      response.end();
    }
    return 'taken';
  };
  return [
    { method: 'GET', path: '/stream', role: 'auditor', handle: stream },
    {
      method: 'GET',
      path: '/status',
      role: 'auditor',
      handle: async ({ query }) => {
        checkNames(query, []);
        return { body: await status.view() };
      },
    },
    {
      method: 'GET',
      path: '/completeness',
      role: 'auditor',
      handle: async ({ query }) => {
        checkNames(query, []);
        await loaded;
        return { body: await completenessOf(view, await status.view(), ports.live()?.apiservers?.()) };
      },
    },
  ];
}
