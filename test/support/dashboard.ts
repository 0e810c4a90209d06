import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './source-files.ts';

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

/** The Grafana dashboard as it is shipped. */
export const dashboard = (): Dashboard =>
  JSON.parse(readFileSync(path.join(root, 'deploy/grafana/auditveil.json'), 'utf8')) as Dashboard;
