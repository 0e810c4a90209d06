import { type Child, fill, h } from './dom.ts';
import { failureNote } from './notices.ts';

export interface FormDialogOptions {
  readonly title: string;
  readonly submit: string;
  readonly content: readonly Child[];
  /** What happens with the filled form. The dialog stays open, with the reason, where it fails. */
  send(form: HTMLFormElement): Promise<void>;
}

/** Shows a form in front of the page. Escape closes it; the focus goes back to where it was. */
export function openFormDialog({ title, submit, content, send }: FormDialogOptions): void {
  const button = h('button', { type: 'submit', class: 'primary' }, submit);
  const problem = h('div', {});
  const form = h(
    'form',
    {},
    h('h2', { id: 'dialog-title' }, title),
    content,
    problem,
    h('div', { class: 'buttons' }, button, h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel')),
  );
  const dialog = h('dialog', { class: 'form', 'aria-labelledby': 'dialog-title', on: { close: () => dialog.remove() } }, form);
  const run = async (): Promise<void> => {
    button.disabled = true;
    try {
      await send(form);
      dialog.close();
    } catch (error) {
      fill(problem, failureNote(error));
      button.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.body.appendChild(dialog);
  dialog.showModal();
}
