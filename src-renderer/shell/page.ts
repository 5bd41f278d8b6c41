import type { Component } from 'svelte';
import type { MessageKey } from '../messages/messages.ts';
import type { Icon } from '../ui/icon.ts';

/** What a page gets: the parts of its address that its path names. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

/** One page of a project. */
export interface Page {
  /** Below the project, such as 'runs/:runId'; ':name' takes one part of the address. */
  readonly path: string;
  readonly component: Component<PageProps>;
  readonly section: SectionId;
  /** After the section in the bar, when it is not the section's first page. */
  readonly title?: MessageKey;
}

export type SectionId = 'images' | 'pipelines' | 'runs' | 'exports' | 'settings';

/** One of the entries of the rail. */
export interface Section {
  readonly id: SectionId;
  /** The path of its first page. */
  readonly path: string;
  readonly title: MessageKey;
  readonly icon: Icon;
}
