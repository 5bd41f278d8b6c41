/** Moves the focus to the next region of the page: to its first control, or to the region itself. */
export function focusNextRegion(document: Document): void {
  const regions = [...document.querySelectorAll<HTMLElement>('nav, header, main, aside, footer, [data-region]')].filter(
    (region) => region.offsetParent !== null && firstControl(region) !== null && !hasInnerRegion(region),
  );
  if (regions.length === 0) return;
  const current = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(current + 1) % regions.length];
  if (next) firstControl(next)?.focus();
}

function firstControl(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>(
    'a[href]:not([tabindex="-1"]), button:not([disabled], [tabindex="-1"]), input:not([disabled]), [tabindex="0"]',
  );
}

function hasInnerRegion(region: HTMLElement): boolean {
  return region.querySelector('nav, aside, [data-region]') !== null;
}
