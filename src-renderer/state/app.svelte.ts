import { createContext } from 'svelte';
import type { CommandOutput } from '../../src-shared/contract/contract.ts';
import type { ConnectionStatus, PageClient } from '../client/page-client.ts';
import { ActionRegistry } from './action-registry.svelte.ts';
import { Connection } from './connection.svelte.ts';
import { Dialogs } from './dialogs.svelte.ts';
import { createErrorReporter, type ReportError } from './handle-error.ts';
import { I18n } from './i18n.svelte.ts';
import type { ProjectSession } from './project-session.svelte.ts';
import { Router } from './router.svelte.ts';
import { RuntimeState } from './runtime-state.svelte.ts';
import { SettingsState } from './settings-state.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { UnsavedChanges } from './unsaved-changes.svelte.ts';
import { Uploads } from './uploads.svelte.ts';

export type HostDescription = CommandOutput<'host.describe'>;

/** What every part of the page can reach, by `getApp()`. */
export class App {
  readonly client: PageClient;
  readonly i18n = new I18n();
  readonly router = new Router();
  readonly toasts = new Toasts();
  readonly dialogs = new Dialogs();
  readonly unsaved = new UnsavedChanges();
  readonly uploads = new Uploads();
  readonly actions = new ActionRegistry();
  readonly settings: SettingsState;
  readonly runtime: RuntimeState;
  /** Tells the person about a failure, once, in words; ignores what was cancelled. */
  readonly reportError: ReportError;
  readonly #connection: Connection;
  host: HostDescription = $state.raw({ kind: 'browser', hasNativeDialogs: false, version: '' });
  /** The open project, when the address names one. */
  session: ProjectSession | null = $state.raw(null);

  constructor(client: PageClient) {
    this.client = this.unsaved.watch(client);
    this.settings = new SettingsState(client, this.i18n);
    this.runtime = new RuntimeState(client);
    this.reportError = createErrorReporter(this.i18n, this.toasts, this.unsaved);
    this.#connection = new Connection(client, () => this.#comeBack());
  }

  get connection(): ConnectionStatus {
    return this.#connection.status;
  }

  /** Nothing can be asked at the moment. */
  get isDisconnected(): boolean {
    return this.#connection.isBroken;
  }

  /** Loads what stands before the first paint and follows changes; returns the function that stops. */
  async start(): Promise<() => void> {
    const stops = [this.router.start(), this.settings.start(), this.runtime.start(), this.#connection.start()];
    await Promise.all([this.settings.load(), this.#describeHost()]).catch(this.reportError);
    return () => stops.forEach((stop) => stop());
  }

  /** A core that was lost knows no open project; one that was only out of reach answers that it is open. */
  async #comeBack(): Promise<void> {
    try {
      await this.session?.reopen();
      this.session?.reload();
      await this.runtime.load();
    } catch (error) {
      this.reportError(error);
    }
  }

  async #describeHost(): Promise<void> {
    this.host = await this.client.call('host.describe', {});
  }
}

export const [getApp, setApp] = createContext<App>();
