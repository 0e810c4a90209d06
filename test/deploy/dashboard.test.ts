import { expect } from 'chai';
import { dashboard } from '../support/dashboard.ts';
import { metrics, metricsIn, unknownIn } from '../support/metric-uses.ts';

describe('deploy/dashboard', () => {
  const { panels, templating } = dashboard();
  const charts = panels.filter(({ type }) => type !== 'row');

  it('asks for metrics and labels that exist', () => {
    const wrong = charts.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => unknownIn(expr, [legendFormat]).map((what) => `${title}: ${what}`)),
    );
    expect(wrong).to.deep.equal([]);
    for (const { definition } of templating.list)
      if (definition) expect(metrics.has(metricsIn(definition)[0] ?? '')).to.equal(true);
  });

  it('would see a metric or a label that does not exist', () => {
    expect(unknownIn('rate(auditveil_no_such_total[5m])')).to.deep.equal(['metric auditveil_no_such_total']);
    expect(unknownIn('auditveil_log_full{disk="a"}')).to.deep.equal(['label disk of auditveil_log_full']);
    expect(unknownIn('sum by (disk) (auditveil_log_full)')).to.deep.equal(['label disk']);
    expect(unknownIn('sum by (log) (auditveil_log_full)', ['{{instance}}'])).to.deep.equal(['label instance, grouped away']);
  });

  it('shows every metric of the program: a new one needs a panel in deploy/grafana/auditveil.json', () => {
    const shown = new Set(charts.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr))));
    const missing = [...metrics.keys()].filter(
      (name) => !shown.has(name) && !/^auditveil_answer_seconds_(sum|count)$/.test(name),
    );
    expect(missing).to.deep.equal([]);
  });

  it('asks only the instances that were chosen', () => {
    for (const { title, targets = [] } of charts)
      for (const { expr } of targets)
        expect(expr.match(/auditveil_\w+\{/g)?.length, title).to.equal(expr.match(/instance=~"\$instance"/g)?.length);
  });

  it('explains every panel, and lays them side by side', () => {
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
    const taken = new Map<string, string>();
    for (const { title, description, type, gridPos: at } of panels) {
      if (type !== 'row') expect(description, title).to.be.a('string').that.is.not.empty;
      expect(at.x + at.w, title).to.be.at.most(24);
      for (let x = at.x; x < at.x + at.w; x++)
        for (let y = at.y; y < at.y + at.h; y++) {
          expect(taken.get(`${x} ${y}`), `${title} lies on`).to.equal(undefined);
          taken.set(`${x} ${y}`, title);
        }
    }
  });
});
