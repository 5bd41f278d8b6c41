import type { Icon } from './icon.ts';

/** One entry of a menu; a null between entries is a line. */
export interface MenuItem {
  readonly id: string;
  readonly title: string;
  readonly icon?: Icon | undefined;
  readonly chord?: string | undefined;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  run(): void;
}
