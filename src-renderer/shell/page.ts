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
  /** What the page is about, by whose name the bar and the window's title call it. */
  readonly thing?: PageThing;
  /** At the end of the bar's way, when neither the section nor the thing says enough. */
  readonly title?: MessageKey;
}

/** A thing of the project that an address names. */
export type PageThing = 'run' | 'pipeline' | 'image';

export type SectionId = 'images' | 'dataset' | 'pipelines' | 'runs' | 'exports' | 'settings';

/** One of the entries of the rail. */
export interface Section {
  readonly id: SectionId;
  /** The path of its first page. */
  readonly path: string;
  readonly title: MessageKey;
  readonly icon: Icon;
}
