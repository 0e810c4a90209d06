import { limits } from '../../core/limits.ts';
import { type ReviewAction, reviewActions } from '../../core/review.ts';
import type { ReviewRequest, SilenceRequest } from '../api.ts';
import { notFound, wrongBody } from '../api-fault.ts';
import { checkNames, limitOf } from '../parse-query.ts';
import { endOfSilence, makeReview, makeSilence, maskedMatch, silenceEnd, silenceMatch } from '../reviews.ts';
import type { ApiCall, Route } from '../router.ts';
import { historyOf, silencesInForce } from '../said.ts';
import type { Person } from '../sessions.ts';
import type { WebContext } from './web-context.ts';

const fewReviews = 200;

/** What people say about findings. Each is durable before it is answered. */
export function reviewRoutes({ view, loaded, ports }: WebContext): readonly Route[] {
  const nowMs = (): number => ports.clock.nowMs();
  const keep = async <T extends object>(note: T & Parameters<typeof ports.note>[0]): Promise<T> => {
    await ports.note(note);
    view.overlay(note);
    return note;
  };
  const textOf = async (text: unknown): Promise<string | undefined> => {
    if (text === undefined || text === '') return undefined;
    if (typeof text !== 'string' || text.length > limits.webNoteCharacters)
      throw wrongBody(`\`text\` is a text of at most ${limits.webNoteCharacters} characters.`);
    return ports.maskText(text);
  };
  const review = async ({ params, body, caller }: ApiCall) => {
    await loaded;
    const { action, text } = body as Partial<ReviewRequest>;
    const row = view.get(params['id'] ?? '');
    if (!row) throw notFound('there is no such finding', '`GET /findings` lists those there are.');
    if (!reviewActions.includes(action as ReviewAction)) throw wrongBody(`\`action\` is one of ${reviewActions.join(', ')}.`);
    const about = { finding: row.id, action: action as ReviewAction, text: await textOf(text) };
    await keep(makeReview(about, byOf(caller), nowMs()));
    return { status: 201, body: view.itemOf(view.get(row.id) ?? row) };
  };
  const silence = async ({ body, caller }: ApiCall) => {
    await loaded;
    const { match, until, text } = body as Partial<SilenceRequest>;
    const [wanted, untilMs] = [silenceMatch(match), silenceEnd(until, nowMs())];
    if (view.silences.active(nowMs()).length >= limits.silences)
      throw wrongBody('There are too many silences: end others first.');
    const about = { match: await maskedMatch(wanted, ports.maskText), untilMs, text: await textOf(text) };
    return { status: 201, body: await keep(makeSilence(about, byOf(caller), nowMs())) };
  };
  return [
    ...readingRoutes({ view, loaded, ports }),
    { method: 'POST', path: '/findings/:id/reviews', role: 'analyst', handle: review },
    { method: 'POST', path: '/silences', role: 'analyst', handle: silence },
    {
      method: 'DELETE',
      path: '/silences/:id',
      role: 'analyst',
      handle: async ({ params, caller }) => {
        await loaded;
        const known = view.silences.active(nowMs()).find(({ id }) => id === params['id']);
        if (!known) throw notFound('there is no such silence', '`GET /silences` lists those in force.');
        return { body: await keep(endOfSilence(known, byOf(caller), nowMs())) };
      },
    },
  ];
}

/** What was said. */
function readingRoutes({ view, loaded, ports }: Pick<WebContext, 'view' | 'loaded' | 'ports'>): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/silences',
      role: 'auditor',
      handle: async ({ query }) => {
        checkNames(query, []);
        await loaded;
        return { body: await silencesInForce(view, ports.clock.nowMs()) };
      },
    },
    {
      method: 'GET',
      path: '/reviews',
      role: 'auditor',
      handle: async ({ query }) => {
        checkNames(query, ['limit']);
        await loaded;
        return { body: await historyOf(view, limitOf(query, fewReviews)) };
      },
    },
  ];
}

/** Callers of the API are no users of this machine. */
const byOf = ({ name }: Person) => ({ name, uid: undefined });
