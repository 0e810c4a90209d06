import type { Route } from './router.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { findingRoutes } from './routes/finding-routes.ts';
import { reviewRoutes } from './routes/review-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { streamRoutes } from './routes/stream-routes.ts';
import type { WebContext } from './routes/web-context.ts';

/** Every call of the API. */
export function allRoutes(context: WebContext): readonly Route[] {
  return [
    ...sessionRoutes(context),
    ...findingRoutes(context),
    ...reviewRoutes(context),
    ...eventRoutes(context),
    ...ruleRoutes(context),
    ...streamRoutes(context),
  ];
}
