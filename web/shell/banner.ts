import { fill, h } from '../lib/dom.ts';
import { spanText } from '../lib/times.ts';

/** Says that the stream is lost and how old what is shown has become. */
export class Banner {
  readonly element = h('div', { class: 'banner', role: 'alert', hidden: true });

  show(lostForMs: number | undefined): void {
    const wasHidden = this.element.hidden;
    this.element.hidden = lostForMs === undefined;
    document.documentElement.classList.toggle('is-lost', lostForMs !== undefined);
    if (lostForMs === undefined) return;
    const text = `No connection to auditveil. What you see is ${spanText(lostForMs)} old; trying again.`;
    // Read out once, not each second.
    this.element.setAttribute('aria-live', wasHidden ? 'assertive' : 'off');
    fill(this.element, text);
  }
}
