import type { Access } from '../access.ts';
import type { FindingsView } from '../findings-view.ts';
import type { OwnAudit } from '../own-audit.ts';
import type { Questions } from '../questions.ts';
import type { SelfQuestions } from '../self-questions.ts';
import type { StatusSource } from '../status-source.ts';
import type { StreamTable } from '../stream-table.ts';
import type { WebPorts } from '../web-ports.ts';

/** What handlers work with. */
export interface WebContext {
  readonly ports: WebPorts;
  readonly access: Access;
  readonly view: FindingsView;
  /** Resolves once the view holds what the log held at the start. */
  readonly loaded: Promise<void>;
  readonly status: StatusSource;
  readonly streams: StreamTable;
  readonly questions: Questions;
  readonly audit: OwnAudit;
  readonly self: SelfQuestions;
}
