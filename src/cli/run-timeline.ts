import { Fault } from '../core/faults.ts';
import type { Finding } from '../core/finding.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { eventView } from '../findings/event-view.ts';
import { stagesSeen, Timeline } from '../findings/timeline.ts';
import { FindingStage } from '../pipeline/finding-stage.ts';
import { identifier, type OpenedEngine } from '../pipeline/open-engine.ts';
import { eachRecord } from './each-record.ts';
import type { CliContext } from './output.ts';
import type { TimelineParts } from './timeline-report.ts';

export interface TimelineChoice {
  readonly engine: OpenedEngine;
  readonly keyRing: KeyRing;
  readonly inputs: readonly string[];
  /** How the user may stand in masked events. */
  readonly forms: readonly string[];
}

/** What a user did, by a log; with the findings of these rules. @throws Fault E_TIMELINE_NOTHING */
export async function timelineOf(context: CliContext, choice: TimelineChoice): Promise<TimelineParts> {
  const { engine, keyRing, inputs, forms } = choice;
  const stage = new FindingStage({ rules: engine.rules, identify: identifier(keyRing) });
  const timeline = new Timeline();
  const wanted = new Set(forms);
  let principal: string | undefined;
  await eachRecord(context, engine, inputs, {
    all: true,
    record: (record) => {
      const findings = stage.push(record);
      const { event } = eventView(record.payload);
      if (event.user === undefined || !wanted.has(event.user)) return;
      principal ??= event.user;
      timeline.add(event, record.eventTimeUs / 1000, findings);
    },
  });
  if (principal === undefined) {
    throw new Fault('nothing in this log is of that user', {
      code: 'E_TIMELINE_NOTHING',
      remedy: 'Give the name in clear and the --key that the log was masked with, or the pseudonym as it is shown.',
    });
  }
  const actions = timeline.actions();
  return { principal, actions, stages: stagesSeen(actions), leftOut: timeline.leftOut };
}

/** The user that a finding is about, by its id or the beginning of it. @throws Fault E_TIMELINE_FINDING */
export async function userOfFinding(context: CliContext, choice: Omit<TimelineChoice, 'forms'>, id: string): Promise<string> {
  const { engine, keyRing, inputs } = choice;
  const stage = new FindingStage({ rules: engine.rules, identify: identifier(keyRing) });
  let found: Finding | undefined;
  const look = (findings: readonly Finding[]): void => {
    found ??= findings.find((finding) => finding.id.startsWith(id) || finding.episode?.id.startsWith(id));
  };
  await eachRecord(context, engine, inputs, { record: (record) => look(stage.push(record)) });
  look(stage.close());
  const user = found?.event.user;
  if (user !== undefined) return user;
  throw new Fault(found ? 'that finding names no user' : 'these rules make no such finding in this log', {
    code: 'E_TIMELINE_FINDING',
    remedy: found
      ? 'Name the user with --user.'
      : 'Ids are made with a key: give the --key and the rules the finding was made with, or name the user with --user.',
  });
}
