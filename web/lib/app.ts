import type { SessionView } from '../../src/web/api.ts';
import type { ApiClient } from './api-client.ts';
import type { LiveStream } from './live-stream.ts';
import type { Route } from './route.ts';

/** What every view is given. */
export interface App {
  readonly api: ApiClient;
  readonly stream: LiveStream;
  readonly session: SessionView;
  /** Changes the address; the view that is open is told. `replace` leaves no step behind for the back button. */
  go(route: Route, replace?: boolean): void;
  /** Says something for a moment, to screen readers too. */
  say(text: string, kind?: 'good' | 'bad'): void;
}

/** A key that a view knows, as it stands in the help. */
export interface KeyAction {
  readonly keys: readonly string[];
  readonly what: string;
  run(): void;
}

/** A view that is open. */
export interface OpenView {
  readonly element: HTMLElement;
  readonly keys: readonly KeyAction[];
  /** The address has changed, and still names this view. */
  update(route: Route): void;
  close(): void;
}

export type OpenViewOf = (app: App, route: Route) => OpenView;

/** Analysts review and silence; auditors only look. */
export const mayReview = ({ session }: App): boolean => session.role === 'analyst';
