import { openEvents } from './events/events-view.ts';
import { openFindings } from './findings/findings-view.ts';
import { openHealth } from './health/health-view.ts';
import { ApiClient } from './lib/api-client.ts';
import { openOverview } from './overview/overview-view.ts';
import { openPosture } from './posture/posture-view.ts';
import { openReviews } from './reviews/reviews-view.ts';
import { openRules } from './rules/rules-view.ts';
import { signIn, takeToken } from './shell/login.ts';
import { Shell } from './shell/shell.ts';
import { applyTheme, savedTheme } from './shell/theme.ts';
import { openTry } from './try-it/try-view.ts';

/** Starts the page: signs in, then shows what the address names. */
async function start(root: HTMLElement): Promise<void> {
  applyTheme(savedTheme());
  const token = takeToken();
  const api = new ApiClient();
  const session = await signIn(api, root, token);
  api.csrf = session.csrf;
  api.onSignedOut = () => location.reload();
  // A link that is pasted into a page that is open signs in anew.
  window.addEventListener('hashchange', () => {
    const next = takeToken();
    if (next !== undefined) void api.post('session', { token: next }).finally(() => location.reload());
  });
  new Shell(root, api, session, {
    findings: openFindings,
    reviews: openReviews,
    overview: openOverview,
    events: openEvents,
    rules: openRules,
    posture: openPosture,
    health: openHealth,
    try: openTry,
  });
}

const root = document.getElementById('page');
if (root) void start(root);
