/** An alert, with metrics under which it must fire within the hour and metrics under which it must not. */
export interface AlertCase {
  readonly alert: string;
  readonly fires: Readonly<Record<string, string>>;
  readonly quiet: Readonly<Record<string, string>>;
}

const of = (metric: string, labels: string, fires: string, quiet: string): Pick<AlertCase, 'fires' | 'quiet'> => {
  const series = `${metric}{instance="a",${labels}}`;
  return { fires: { [series]: fires }, quiet: { [series]: quiet } };
};
const finding = (rule: string): Pick<AlertCase, 'fires' | 'quiet'> =>
  of('auditveil_findings_total', `rule="${rule}",severity="high"`, '0x30 1x30', '3x60');
const received = { 'auditveil_events_received_total{instance="a",source="s"}': '0+6000x60' };
const accepted = { 'auditveil_requests_total{instance="a",source="s",status="200",reason=""}': '0+100x60' };
const stubs = 'auditveil_stubs_total{instance="a",reason="not-json"}';
const refused = 'auditveil_requests_total{instance="a",source="s",status="401",reason="no-token"}';

/** In the notation of promtool: one value a minute, `0+6000x60` counts up, `_` is no value. */
export const alertCases: readonly AlertCase[] = [
  { alert: 'AuditveilAbsent', fires: {}, quiet: { 'auditveil_records_appended_total{instance="a",log="events"}': '0x60' } },
  { alert: 'AuditveilMaskingSelfTestFailed', ...of('auditveil_selftest_failures_total', '', '0x30 1x30', '2x60') },
  { alert: 'AuditveilLogFull', ...of('auditveil_log_full', 'log="events"', '0x30 1x30', '0x60') },
  { alert: 'AuditveilNothingReceived', ...of('auditveil_source_silent_seconds', 'source="s"', '0+60x60', '0+10x60') },
  { alert: 'AuditveilGapFound', ...finding('auditveil.log-gap') },
  { alert: 'AuditveilLogDamaged', ...finding('auditveil.log-loss') },
  { alert: 'AuditveilForgedRecords', ...finding('auditveil.transport-refused') },
  {
    alert: 'AuditveilWorkerBehind',
    ...of('auditveil_transport_lag_messages', 'reader="transport",partition="0"', '0+90x60', '500x8 0 500x8 0x40'),
  },
  { alert: 'AuditveilWorkerOut', ...of('auditveil_transport_joined', 'reader="transport"', '1x30 0x30', '1 0x3 1x50') },
  { alert: 'AuditveilSinkBehind', ...of('auditveil_sink_age_seconds', 'sink="s"', '0+60x60', '0+10x30 5x30') },
  // A breaker that is tried now and then is still not closed; one that closes again is no alert.
  { alert: 'AuditveilSinkRefuses', ...of('auditveil_sink_breaker', 'sink="s"', '0x9 2 2 1 2 2 2 1 2x40', '0 2 2 1 0x56') },
  { alert: 'AuditveilDeadLetters', ...of('auditveil_sink_records_total', 'sink="s",result="rejected"', '0x30 1x30', '3x60') },
  { alert: 'AuditveilSinkSkipped', ...of('auditveil_sink_records_total', 'sink="s",result="skipped"', '0x30 9x30', '3x60') },
  { alert: 'AuditveilStubsRising', fires: { ...received, [stubs]: '0+12x60' }, quiet: { ...received, [stubs]: '0+3x60' } },
  { alert: 'AuditveilRequestsRefused', fires: { ...accepted, [refused]: '0+9x60' }, quiet: { ...accepted, [refused]: '0+2x60' } },
  { alert: 'AuditveilLagging', ...of('auditveil_lag_seconds', 'source="s"', '400x60', '0+60x8 0x50') },
  {
    alert: 'AuditveilCertificateEnding',
    ...of('auditveil_certificate_end_seconds', 'source="s",certificate="server"', '864000x60', '2592000x60'),
  },
  { alert: 'AuditveilCorrelationsForget', ...of('auditveil_correlation_losses_total', 'kind="evictedGroups"', '0+1x60', '5x60') },
  { alert: 'AuditveilWorkersDie', ...of('auditveil_workers_ended_total', '', '0x20 1x10 3x20 4x10', '0x20 1x40') },
];
