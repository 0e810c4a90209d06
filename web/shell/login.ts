import type { SessionView } from '../../src/web/api.ts';
import { type ApiClient, ApiFailure, wordsOf } from '../lib/api-client.ts';
import { fill, h } from '../lib/dom.ts';
import { decoded } from '../lib/route.ts';

/** The token of a link, taken out of the address at once: it must stand neither in the history nor in a screenshot. */
export function takeToken(): string | undefined {
  const match = /^#token=([^&]+)/.exec(location.hash);
  if (!match) return undefined;
  history.replaceState(null, '', `${location.pathname}${location.search}#/findings`);
  return decoded(match[1] as string);
}

/** Signs in: with the token of the link, with the cookie of an earlier time, or with what is pasted. Ends with the session. */
export async function signIn(api: ApiClient, root: HTMLElement, token: string | undefined): Promise<SessionView> {
  let problem = '';
  try {
    return await (token === undefined ? api.get<SessionView>('session') : api.post<SessionView>('session', { token }));
  } catch (error) {
    if (token !== undefined || !(error instanceof ApiFailure && error.status === 401)) problem = textOf(error);
  }
  return askForToken(api, root, problem);
}

function askForToken(api: ApiClient, root: HTMLElement, problem: string): Promise<SessionView> {
  return new Promise((resolve) => {
    const input = h('input', {
      id: 'token',
      type: 'password',
      autocomplete: 'off',
      spellcheck: 'false',
      required: true,
      'aria-describedby': 'token-help token-problem',
    });
    const said = h('p', { id: 'token-problem', class: 'problem', role: 'alert' }, problem);
    const button = h('button', { type: 'submit', class: 'primary' }, 'Sign in');
    const submit = async (): Promise<void> => {
      button.disabled = true;
      try {
        resolve(await api.post<SessionView>('session', { token: tokenIn(input.value) }));
      } catch (error) {
        fill(said, textOf(error));
        input.select();
      } finally {
        button.disabled = false;
      }
    };
    const onSubmit = (event: Event): void => {
      event.preventDefault();
      void submit();
    };
    const form = h(
      'form',
      { class: 'login', on: { submit: onSubmit } },
      h('h1', {}, 'Auditveil'),
      h('label', { for: 'token' }, 'Token or sign-in link'),
      input,
      h(
        'p',
        { id: 'token-help' },
        'The link that was printed when auditveil started works once, for 15 minutes. Whoever runs it makes another with ',
        h('code', {}, 'auditveil web link'),
        ', or gives you a token.',
      ),
      said,
      button,
    );
    fill(root, h('main', { class: 'login-page' }, form));
    input.focus();
  });
}

/** People paste the whole link. */
const tokenIn = (text: string): string => decoded(/#token=([^&\s]+)/.exec(text)?.[1] ?? text.trim());

function textOf(error: unknown): string {
  const { message, remedy } = wordsOf(error);
  return `${message}. ${remedy}`.replace('..', '.').trim();
}
