import type { PageWords } from './words.ts';

/** One class with its probability. */
export interface Judged {
  readonly label: string;
  readonly probability: number;
}

/** The page, as its logic sees it. */
export interface PageView {
  setStatus(text: string, isError?: boolean): void;
  setReady(): void;
  showPicture(file: Blob): void;
  showResult(judged: readonly Judged[]): void;
}

/** Builds the page into an element; `onPicture` gets what a person drops, pastes or chooses. */
export function createPageView(
  root: HTMLElement,
  title: string,
  words: PageWords,
  onPicture: (file: Blob) => void,
): PageView {
  const heading = element('h1', { textContent: title });
  const intro = element('p', { textContent: words.intro });
  const picture = element('img', { alt: '', hidden: true });
  const hint = element('p', { textContent: words.hint });
  const input = element('input', { type: 'file', accept: 'image/*', hidden: true });
  const choose = element('button', { type: 'button', textContent: words.choose, disabled: true });
  const drop = element('div', { className: 'drop' }, [picture, hint, choose, input]);
  const status = element('p', { className: 'status' });
  status.setAttribute('role', 'status');
  const table = element('table');
  root.append(heading, intro, drop, status, table);

  choose.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onPicture(file);
    // The same file may be chosen again.
    input.value = '';
  });
  acceptDrops(drop, onPicture);
  document.addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (file) onPicture(file);
  });

  return {
    setStatus(text, isError = false) {
      status.textContent = text;
      status.classList.toggle('is-error', isError);
    },
    setReady() {
      choose.disabled = false;
    },
    showPicture(file) {
      URL.revokeObjectURL(picture.src);
      picture.src = URL.createObjectURL(file);
      picture.hidden = false;
    },
    showResult: (judged) => table.replaceChildren(...judged.map(resultRow)),
  };
}

function resultRow({ label, probability }: Judged): HTMLTableRowElement {
  const share = `${(probability * 100).toFixed(1)} %`;
  const meter = element('meter', { value: probability, min: 0, max: 1 });
  meter.setAttribute('aria-label', `${label}: ${share}`);
  const name = element('th', { scope: 'row', textContent: label });
  return element('tr', {}, [
    name,
    element('td', { className: 'bar' }, [meter]),
    element('td', { className: 'share', textContent: share }),
  ]);
}

/** The whole page takes drops, so that a near miss does not make the browser leave it. */
function acceptDrops(target: HTMLElement, onPicture: (file: Blob) => void): void {
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    target.classList.add('is-over');
  });
  document.addEventListener('dragleave', () => target.classList.remove('is-over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    target.classList.remove('is-over');
    const file = event.dataTransfer?.files[0];
    if (file) onPicture(file);
  });
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
