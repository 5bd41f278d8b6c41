const backward = new Set(['ArrowUp', 'ArrowLeft']);
const forward = new Set(['ArrowDown', 'ArrowRight']);

/** Makes the buttons and links of an element one tab stop with arrow keys between them. Use as `{@attach roving}`. */
export function roving(container: HTMLElement): () => void {
  const items = (): readonly HTMLElement[] => [
    ...container.querySelectorAll<HTMLElement>('button:not(:disabled), a[href]'),
  ];

  function makeStop(stop: HTMLElement | undefined): void {
    for (const item of items()) item.tabIndex = item === stop ? 0 : -1;
  }

  function refresh(): void {
    const all = items();
    const pressed = all.find((item) => item.matches('[aria-pressed="true"], [aria-current]'));
    makeStop(all.find((item) => item === document.activeElement) ?? pressed ?? all[0]);
  }

  function move(event: KeyboardEvent): void {
    const all = items();
    const at = all.indexOf(event.target as HTMLElement);
    if (at === -1) return;
    const next = forward.has(event.key)
      ? all[at + 1]
      : backward.has(event.key)
        ? all[at - 1]
        : event.key === 'Home'
          ? all[0]
          : event.key === 'End'
            ? all.at(-1)
            : undefined;
    if (!next) return;
    event.preventDefault();
    makeStop(next);
    next.focus();
  }

  refresh();
  const observer = new MutationObserver(refresh);
  observer.observe(container, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-pressed'] });
  container.addEventListener('keydown', move);
  return () => {
    observer.disconnect();
    container.removeEventListener('keydown', move);
  };
}
