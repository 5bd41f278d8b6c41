import type AnyIcon from '@lucide/svelte/icons/x';

/** A lucide icon; 16 px by default, 14 with class `icon--s`, 20 with `icon--l` (ui/base.css). */
export type Icon = typeof AnyIcon;
