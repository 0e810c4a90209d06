import type { EventSeries } from '../../src/core/event-store.ts';
import { severities } from '../../src/core/finding.ts';
import type { EventQuery, FindingSeries } from '../../src/web/api.ts';
import type { ApiClient } from '../lib/api-client.ts';
import { h } from '../lib/dom.ts';
import { rate } from '../lib/numbers.ts';
import { seriesColors } from '../plots/plot-colors.ts';
import { stacked, sum } from '../plots/stack.ts';
import { type PlotSeries, TimePlot } from '../plots/time-plot.ts';
import { card } from './card.ts';

type OnRange = (sinceMs: number, untilMs: number) => void;

/** The plots over time: events, findings, answers, masked values. */
export class EventPlots {
  readonly element: HTMLElement;
  readonly #events: TimePlot;
  readonly #findings: TimePlot;
  readonly #answers: TimePlot;
  readonly #masked: TimePlot;

  constructor(onRange: OnRange) {
    this.#events = new TimePlot({ label: 'Events a second', kind: 'line', isStacked: false, format: rate, onRange });
    this.#findings = new TimePlot({ label: 'Findings by severity', kind: 'bars', isStacked: true, onRange });
    this.#answers = new TimePlot({ label: 'Answers of the API server', kind: 'bars', isStacked: true, onRange });
    this.#masked = new TimePlot({ label: 'Masked values by kind', kind: 'bars', isStacked: true, onRange });
    this.element = h(
      'div',
      { class: 'cards' },
      card('Events a second', '', this.#events.element),
      card('Findings by severity', '', this.#findings.element),
      card('Refused and allowed', '', this.#answers.element),
      card('Masked values by kind', '', this.#masked.element),
    );
  }

  async load(api: ApiClient, query: EventQuery, signal: AbortSignal): Promise<EventSeries> {
    const { since, until, stepMs } = query;
    const [events, findings] = await Promise.all([
      api.get<EventSeries>('events/series', { ...query }, signal),
      api.get<FindingSeries>('findings/series', { since, until, stepMs }, signal),
    ]);
    this.#showEvents(events, findings);
    this.#findings.show({
      times: findings.times,
      series: severities.map((severity) => ({ label: severity, color: severity, values: findings.bySeverity[severity] ?? [] })),
      gaps: findings.gaps,
    });
    return events;
  }

  close(): void {
    for (const plot of [this.#events, this.#findings, this.#answers, this.#masked]) plot.close();
  }

  #showEvents(series: EventSeries, { gaps }: FindingSeries): void {
    const { times, stepMs } = series;
    const perSecond = series.events.map((value) => (value * 1000) / stepMs);
    this.#events.show({ times, series: [{ label: 'events/s', color: 'series-1', values: perSecond }], gaps });
    this.#answers.show({
      times,
      series: [
        { label: '401 not signed in', color: 'critical', values: series.unauthenticated },
        { label: '403 forbidden', color: 'medium', values: series.forbidden },
        { label: 'allowed', color: 'series-1', values: series.allowed },
      ],
      gaps,
    });
    this.#masked.show({
      times,
      series: commonestKinds(series.masked),
      gaps,
    });
  }
}

/** As many kinds as there are colours, the commonest first; all others as one. */
function commonestKinds(masked: EventSeries['masked']): readonly PlotSeries[] {
  const kinds = Object.entries(masked)
    .filter(([label]) => label !== 'other')
    .sort(([, a], [, b]) => sum(b) - sum(a));
  const rest = [...kinds.slice(seriesColors.length).map(([, values]) => values), ...(masked['other'] ? [masked['other']] : [])];
  const shown = kinds
    .slice(0, seriesColors.length)
    .map(([label, values], i) => ({ label, values, color: seriesColors[i] as string }));
  const others = stacked(rest).at(-1);
  return others ? [...shown, { label: 'other', values: others, color: 'informational' }] : shown;
}
