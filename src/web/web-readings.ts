import type { Reading, WebReadings } from '../telemetry/readings.ts';
import type { FindingsView } from './findings-view.ts';
import type { LoginGuard } from './login-guard.ts';
import type { Questions } from './questions.ts';
import type { RequestCounts } from './request-counts.ts';
import type { Sessions } from './sessions.ts';
import type { StreamTable } from './stream-table.ts';

export interface WebParts {
  readonly counts: RequestCounts;
  readonly sessions: Sessions;
  readonly guard: LoginGuard;
  readonly streams: StreamTable;
  readonly view: FindingsView;
  readonly questions: Questions;
}

/** What is measured of the page and its API: names of ours and numbers. */
export function webReadings({ counts, sessions, guard, streams, view, questions }: WebParts): WebReadings {
  const each = (label: string, values: Readonly<Record<string, number>>): readonly Reading[] =>
    Object.entries(values).map(([name, value]) => ({ value, labels: { [label]: name } }));
  return {
    requests: () => counts.readings(),
    state: () =>
      each('what', { streams: streams.size, sessions: sessions.size, findings: view.size, questions: questions.running }),
    losses: () => each('kind', { stalled: streams.stalled, refused: streams.refused, logins: guard.total, findings: view.left }),
  };
}
