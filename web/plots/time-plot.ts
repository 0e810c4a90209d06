import UPlot, { type AlignedData, type Options, type Series } from 'uplot';
import { fill, h } from '../lib/dom.ts';
import { compact } from '../lib/numbers.ts';
import { localText, tickTexts } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { colorOf, onTheme } from './plot-colors.ts';
import { stacked, sum } from './stack.ts';

export interface PlotSeries {
  readonly label: string;
  /** Custom property of the style sheet. */
  readonly color: string;
  readonly values: readonly number[];
}

export interface PlotData {
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  readonly series: readonly PlotSeries[];
  /** Shaded: something is missing there. */
  readonly gaps?: readonly { readonly sinceMs: number; readonly untilMs: number }[];
}

export interface PlotOptions {
  readonly label: string;
  readonly kind: 'line' | 'bars';
  readonly isStacked: boolean;
  format?(value: number): string;
  /** A stretch of time was drawn with the pointer. */
  onRange?(sinceMs: number, untilMs: number): void;
}

const heightPixels = 168;
/** Seconds between the texts below the time. */
const tickSteps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800] as const;

/** Values over time, with a legend that shows those under the pointer. */
export class TimePlot {
  readonly element: HTMLElement;
  readonly #options: PlotOptions;
  readonly #canvas = h('div', { class: 'plot', role: 'img' });
  readonly #legend = h('div', { class: 'legend' });
  readonly #resizes = new ResizeObserver(() => this.#resize());
  readonly #stopTheme: () => void;
  #data: PlotData | undefined;
  #plot: UPlot | undefined;

  constructor(options: PlotOptions) {
    this.#options = options;
    this.element = h('div', { class: 'time-plot' }, this.#canvas, this.#legend);
    this.#resizes.observe(this.#canvas);
    this.#stopTheme = onTheme(() => this.#build());
  }

  show(data: PlotData): void {
    const isSame = this.#data?.series.map(({ label }) => label).join('\n') === data.series.map(({ label }) => label).join('\n');
    this.#data = data;
    this.#canvas.setAttribute('aria-label', this.#words(data));
    if (this.#plot && isSame) this.#plot.setData(this.#drawn(data));
    else this.#build();
    this.#showLegend(undefined);
  }

  close(): void {
    this.#resizes.disconnect();
    this.#stopTheme();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** For who cannot see it: each series with its sum and its highest value. */
  #words({ series }: PlotData): string {
    const parts = series.map(
      ({ label, values }) => `${label}: at most ${this.#format(Math.max(0, ...values))}, ${compact(sum(values))} in all`,
    );
    return `${this.#options.label}. ${parts.join('; ')}`;
  }

  #format(value: number): string {
    return this.#options.format?.(value) ?? compact(value);
  }

  /** Stacked series are drawn from the highest sum down, each over the one before. */
  #drawn({ times, series }: PlotData): AlignedData {
    const values = series.map((one) => one.values);
    const lists = this.#options.isStacked ? stacked(values).toReversed() : values;
    return [times.map((ms) => ms / 1000), ...lists.map((list) => [...list])];
  }

  #build(): void {
    const data = this.#data;
    this.#plot?.destroy();
    this.#plot = undefined;
    const width = this.#canvas.clientWidth;
    if (!data || width === 0) return;
    fill(this.#canvas);
    this.#plot = new UPlot(this.#plotOptions(data, width), this.#drawn(data), this.#canvas);
  }

  #resize(): void {
    const width = this.#canvas.clientWidth;
    if (!this.#plot) this.#build();
    else if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: heightPixels });
  }

  #plotOptions(data: PlotData, width: number): Options {
    const axis = {
      stroke: colorOf('soft'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colorOf('line'), width: 1 },
      ticks: { stroke: colorOf('line'), width: 1, size: 4 },
    };
    const series = this.#options.isStacked ? data.series.toReversed() : data.series;
    const { onRange } = this.#options;
    return {
      width,
      height: heightPixels,
      legend: { show: false },
      cursor: {
        y: false,
        sync: { key: 'time' },
        drag: { x: onRange !== undefined, y: false, setScale: false },
        points: { show: false },
      },
      scales: { y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.08] } },
      axes: [
        { ...axis, space: 64, incrs: [...tickSteps], values: (_, ticks, __, ___, stepS) => [...tickTexts(ticks, stepS)] },
        { ...axis, size: axisWidth, values: (_, ticks) => ticks.map((tick) => this.#format(tick)) },
      ],
      series: [{}, ...series.map((one) => this.#seriesOptions(one))],
      hooks: {
        drawClear: [(plot) => this.#shade(plot)],
        setCursor: [(plot) => this.#showLegend(plot.cursor.idx ?? undefined)],
        setSelect: [
          (plot) => {
            const { left, width: wide } = plot.select;
            if (wide < 4) return;
            onRange?.(Math.floor(plot.posToVal(left, 'x') * 1000), Math.ceil(plot.posToVal(left + wide, 'x') * 1000));
          },
        ],
      },
    };
  }

  #seriesOptions({ label, color }: PlotSeries): Series {
    const stroke = colorOf(color);
    const { kind, isStacked } = this.#options;
    const bars = UPlot.paths.bars?.({ size: [0.85, 24], align: 1 });
    return {
      label,
      stroke,
      width: kind === 'bars' ? 0 : 1.5,
      points: { show: false },
      ...(kind === 'bars' || isStacked ? { fill: stroke } : {}),
      ...(kind === 'bars' && bars ? { paths: bars } : {}),
    };
  }

  #shade(plot: UPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = colorOf('gap');
    for (const { sinceMs, untilMs } of this.#data?.gaps ?? []) {
      const from = Math.max(bbox.left, plot.valToPos(sinceMs / 1000, 'x', true));
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(untilMs / 1000, 'x', true));
      if (to > bbox.left && from < bbox.left + bbox.width) ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
    }
    ctx.restore();
  }

  /** Values under the pointer; else sums. */
  #showLegend(index: number | undefined): void {
    const data = this.#data;
    if (!data) return;
    const time = index === undefined ? undefined : data.times[index];
    fill(
      this.#legend,
      data.series.map(({ label, color, values }) =>
        h(
          'span',
          { class: 'entry' },
          h('i', { class: `swatch ${color}` }),
          visible(label),
          h('b', {}, index === undefined ? '' : this.#format(values[index] ?? 0)),
        ),
      ),
      (data.gaps?.length ?? 0) > 0 && h('span', { class: 'entry' }, h('i', { class: 'swatch gap' }), 'known missing'),
      time !== undefined && h('span', { class: 'at' }, localText(time)),
    );
  }
}

/** As wide as its longest text needs, so that nothing is cut. */
const axisWidth = (_: UPlot, texts: readonly string[] | null): number =>
  Math.max(40, 7 * Math.max(0, ...(texts ?? []).map(({ length }) => length)) + 14);
