import { z } from 'zod';
import { severities } from '../core/finding.ts';
import { isTimeZone, weekdays } from '../routing/mute-window.ts';

const name = z.string().min(1).max(253);
const names = z.array(name).min(1);
const severity = z.enum(severities);
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, HH:MM');
const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date or an RFC 3339 time');

const match = z
  .strictObject({
    minSeverity: severity.optional().describe('This severity or a graver one.'),
    maxSeverity: severity.optional().describe('This severity or a lesser one.'),
    rule: names.optional().describe('Ids or names of rules.'),
    tag: names.optional().describe('Tags of rules, for example `attack.credential-access`.'),
    namespace: names.optional().describe('Namespaces; a finding without one does not match.'),
    cluster: names.optional().describe('Clusters.'),
  })
  .prefault({})
  .describe('What a finding must be: every member that is given must hold, of a list one entry must. `*` stands for any text.');

const route = z
  .strictObject({
    name: name.optional().describe('Shown by `auditveil route explain`.'),
    match,
    sinks: z.array(name).optional().describe('Sinks by name. Without it those of the route around; an empty list: nowhere.'),
    continue: z.boolean().default(false).describe('Whether the next routes are looked at after this one matched.'),
    mute: z.array(name).default([]).describe('Mute windows by name: in them this route, and the routes inside it, send nothing.'),
    get routes(): z.ZodDefault<z.ZodArray<typeof route>> {
      return z.array(route).default([]).describe('Routes inside this one. Where none of them matches, this one decides.');
    },
  })
  .describe('Sends findings that match to sinks.')
  .meta({ id: 'route' });

const muteWindow = z
  .strictObject({
    name: name.describe('What routes call it.'),
    weekdays: z.array(z.enum(weekdays)).default([]).describe('Days on which it begins; without any, every day.'),
    from: time.default('00:00').describe('Time of day it begins at.'),
    to: time.default('00:00').describe('Time of day it ends at; on the next day where that is not after `from`.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be the name of a time zone, like Europe/Berlin')
      .default('UTC')
      .describe('Time zone of days and times, by its IANA name.'),
    starts: moment.optional().describe('Before this the window does not apply.'),
    expires: moment.optional().describe('From then on it no longer applies.'),
  })
  .describe('A time in which routes send nothing. Findings stay in the log; nothing is sent later.');

/** Which sinks get which findings; docs/routing.md. */
export const routingSchema = z
  .strictObject({
    sinks: z.array(name).default([]).describe('Sinks by name that get what no route matches.'),
    routes: z.array(route).default([]).describe('Tried in order; the first that matches decides, unless it says `continue`.'),
    muteWindows: z.array(muteWindow).default([]).describe('Times in which routes that name them send nothing.'),
  })
  .describe(
    'Which sinks get which findings. Without it every sink gets all of its content; with it sinks of findings get only what is routed to them.',
  );

export type RoutingConfig = z.infer<typeof routingSchema>;
