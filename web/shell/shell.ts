import type { SessionView } from '../../src/web/api.ts';
import type { ApiClient } from '../lib/api-client.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { LiveStream } from '../lib/live-stream.ts';
import { views as allViews, parseRoute, type Route, routeText, type View } from '../lib/route.ts';
import { Banner } from './banner.ts';
import { Header } from './header.ts';
import { Keyboard } from './keyboard.ts';
import { Navigation } from './navigation.ts';
import { Toasts } from './toasts.ts';

/** The views that there are. Findings is always there. */
export type Views = { readonly findings: OpenViewOf } & Partial<Readonly<Record<View, OpenViewOf>>>;

/** What stands around the views: header, links, banner, keys; opens the view that the address names. */
export class Shell {
  readonly #app: App;
  readonly #views: Views;
  readonly #main = h('main', { id: 'main', tabindex: -1 });
  readonly #navigation: Navigation;
  readonly #keyboard: Keyboard;
  readonly #onHash = (): void => this.#show(parseRoute(location.hash));
  #open: OpenView | undefined;
  #view: View | undefined;

  constructor(root: HTMLElement, api: ApiClient, session: SessionView, views: Views) {
    this.#views = views;
    const known = allViews.filter((view) => views[view] !== undefined);
    this.#navigation = new Navigation(known);
    const toasts = new Toasts();
    const stream = new LiveStream();
    this.#app = {
      api,
      stream,
      session,
      say: (text, kind) => toasts.say(text, kind),
      go: (route, replace) => this.#go(route, replace === true),
    };
    this.#keyboard = new Keyboard(known, (view) => this.#go({ view, params: {} }, false));
    const banner = new Banner();
    const header = new Header(
      session,
      () => this.#keyboard.showHelp(),
      () => void api.delete('session').finally(() => location.reload()),
    );
    stream.onState = (lostForMs) => banner.show(lostForMs);
    // Who is signed out is told so by any call but the stream.
    stream.onRefused = () => void api.get('status').catch(() => undefined);
    stream.on('status', (status) => header.show(status));
    fill(
      root,
      h('a', { class: 'skip', href: '#main', on: { click: (event) => this.#skip(event) } }, 'To the content'),
      header.element,
      banner.element,
      this.#navigation.element,
      this.#main,
      toasts.element,
      this.#keyboard.help,
    );
    window.addEventListener('hashchange', this.#onHash);
    stream.open();
    this.#onHash();
  }

  /** The address stays: it says where the page is. */
  #skip(event: Event): void {
    event.preventDefault();
    this.#main.focus();
  }

  #go(route: Route, replace: boolean): void {
    const text = routeText(route);
    if (text === location.hash) return;
    if (replace) history.replaceState(null, '', text);
    else history.pushState(null, '', text);
    this.#show(route);
  }

  #show(asked: Route): void {
    const open = this.#views[asked.view];
    const route: Route = open ? asked : { view: 'findings', params: {} };
    if (this.#open && this.#view === route.view) this.#open.update(route);
    else {
      this.#open?.close();
      this.#open = (open ?? this.#views.findings)(this.#app, route);
      this.#view = route.view;
      fill(this.#main, this.#open.element);
      this.#main.scrollTop = 0;
    }
    this.#navigation.show(route.view);
    this.#keyboard.actions = this.#open.keys;
    document.title = `${route.view === 'try' ? 'Try it' : route.view.replace(/^./, (first) => first.toUpperCase())} · Auditveil`;
  }
}
