/** A short result at the foot of the window; errors stand where they happen as well. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly action: ToastAction | null;
}

/** What the line offers to do about it. */
export interface ToastAction {
  readonly label: string;
  readonly keys?: readonly string[];
  run(): void;
}

const visibleMs = 6000;

/** What was just done or went wrong, the latest one shown. */
export class Toasts {
  current: Toast | null = $state.raw(null);
  #nextId = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): void {
    clearTimeout(this.#timer);
    this.current = { id: this.#nextId, text, tone: options.tone ?? 'plain', action: options.action ?? null };
    this.#nextId += 1;
    this.#timer = setTimeout(() => this.close(), visibleMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }
}
