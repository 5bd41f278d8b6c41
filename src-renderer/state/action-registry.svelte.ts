import { untrack } from 'svelte';
import type { Icon } from '../ui/icon.ts';

/** Something a person can do, as data: buttons, menus, the palette and the `?` sheet all read it from here. */
export interface Action {
  /** Stable and unique, such as 'images.clearLabel'. */
  readonly id: string;
  /** In the person's language. */
  readonly title: string;
  /** The part of the app it belongs to, for the palette and the sheet. */
  readonly group: string;
  /** Chords such as 'Mod+K', 'Shift+?', '1', 'Delete'; Mod is Ctrl, or Command on a Mac. The first is shown. */
  readonly keys?: readonly string[];
  readonly icon?: Icon;
  /** Not offered, and its keys do nothing, when false. */
  readonly isEnabled?: boolean;
  /** While it is not enabled its keys do nothing, instead of what an earlier registration means by them. */
  readonly claimsKeys?: boolean;
  /** In the sheet and by key only, not in the palette. */
  readonly isQuiet?: boolean;
  run(): void;
}

/** Every action that can be done at the moment. Later registrations win a key. */
export class ActionRegistry {
  #sources: readonly (() => readonly Action[])[] = $state.raw([]);

  readonly all: readonly Action[] = $derived(this.#sources.flatMap((source) => source()));

  /** Adds actions; `source` may read state and is read again when that changes. Returns the function that takes them away. */
  register(source: () => readonly Action[]): () => void {
    // Called from effects, which must not run again because of what they themselves add.
    this.#sources = [...untrack(() => this.#sources), source];
    return () => {
      this.#sources = untrack(() => this.#sources).filter((other) => other !== source);
    };
  }

  find(id: string): Action | undefined {
    return this.all.find((action) => action.id === id);
  }

  /** The action that a chord means at the moment. */
  findByKey(chord: string): Action | undefined {
    return this.all.findLast(({ keys }) => keys?.includes(chord));
  }

  /** Does the action that the pressed keys mean; true when there was one. */
  handleKey(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    const chord = readChord(event);
    if (isPlain(chord) && isTyping(event.target)) return false;
    const action = this.all.findLast(
      ({ keys, isEnabled, claimsKeys }) => keys?.includes(chord) && (isEnabled !== false || claimsKeys === true),
    );
    if (!action) return false;
    event.preventDefault();
    if (action.isEnabled !== false) action.run();
    return true;
  }
}

const isMac = navigator.platform.startsWith('Mac');

/** The pressed keys in the words of `Action.keys`. */
export function readChord(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // Shift is part of what a sign such as '?' or '+' is; it counts only for letters and named keys.
  const isShifted = event.shiftKey && (event.key.length > 1 || /\p{L}/u.test(event.key));
  const hasMod = isMac ? event.metaKey : event.ctrlKey;
  return [hasMod && 'Mod', event.altKey && 'Alt', isShifted && 'Shift', key === ' ' ? 'Space' : key]
    .filter(Boolean)
    .join('+');
}

/** A chord as the caps to draw: 'Mod+Shift+Z' → ['Ctrl', 'Shift', 'Z']. */
export function keyCaps(chord: string): readonly string[] {
  const names: Readonly<Record<string, string>> = {
    Mod: isMac ? '⌘' : 'Ctrl',
    Delete: 'Del',
    Escape: 'Esc',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  const parts = chord === '+' ? ['+'] : chord.split('+');
  return parts.map((part) => names[part] ?? part);
}

function isPlain(chord: string): boolean {
  return !/^(Mod|Alt)\+/u.test(chord) && !/^(Escape|F\d+)$/u.test(chord);
}

/** True where a letter goes into a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type);
}
