import type * as v from 'valibot';
import { backboneContract, backboneEvents } from './backbone.contract.ts';
import { datasetContract, datasetEvents } from './dataset.contract.ts';
import { exportContract, exportEvents } from './export.contract.ts';
import { featuresContract, featuresEvents } from './features.contract.ts';
import { folderContract } from './folder.contract.ts';
import { hostContract, hostEvents } from './host.contract.ts';
import { importContract, importEvents } from './import.contract.ts';
import { captureContract } from './capture.contract.ts';
import { importListContract } from './import-list.contract.ts';
import { importProjectContract } from './import-project.contract.ts';
import { labelsContract } from './labels.contract.ts';
import { mapContract, mapEvents } from './map.contract.ts';
import { pipelineContract, pipelineEvents } from './pipeline.contract.ts';
import { probeContract, probeEvents } from './probe.contract.ts';
import { projectContract, projectEvents } from './project.contract.ts';
import { qualityContract, qualityEvents } from './quality.contract.ts';
import { rescanContract } from './rescan.contract.ts';
import { runContract, runEvents } from './run.contract.ts';
import { settingsContract, settingsEvents } from './settings.contract.ts';
import { snapshotContract, snapshotEvents } from './snapshot.contract.ts';
import { suggestionContract, suggestionEvents } from './suggestion.contract.ts';
import { viewContract, viewEvents } from './view.contract.ts';

/** The commands that core answers. */
export const coreCommands = {
  ...projectContract,
  ...snapshotContract,
  ...datasetContract,
  ...viewContract,
  ...qualityContract,
  ...importContract,
  ...captureContract,
  ...importListContract,
  ...rescanContract,
  ...importProjectContract,
  ...labelsContract,
  ...folderContract,
  ...pipelineContract,
  ...backboneContract,
  ...runContract,
  ...probeContract,
  ...featuresContract,
  ...suggestionContract,
  ...mapContract,
  ...exportContract,
  ...settingsContract,
} as const;

/** The commands that the host in front of core answers. */
export const hostCommands = hostContract;

/** Every command there is. Channels, routes, the preload's allow-list, `Client` and `Handlers` derive from this. */
export const commands = { ...coreCommands, ...hostCommands } as const;

/** Every event there is. */
export const events = {
  ...projectEvents,
  ...snapshotEvents,
  ...datasetEvents,
  ...viewEvents,
  ...qualityEvents,
  ...importEvents,
  ...pipelineEvents,
  ...backboneEvents,
  ...runEvents,
  ...probeEvents,
  ...featuresEvents,
  ...suggestionEvents,
  ...mapEvents,
  ...exportEvents,
  ...settingsEvents,
  ...hostEvents,
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<N extends CommandName> = v.InferOutput<Commands[N]['input']>;
export type CommandOutput<N extends CommandName> = v.InferOutput<Commands[N]['output']>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<N extends EventName> = v.InferOutput<Events[N]['payload']>;

/** One event with its name, as it travels. */
export type AnyEvent = {
  readonly [N in EventName]: { readonly name: N; readonly payload: EventPayload<N> };
}[EventName];

export type CoreCommandName = keyof typeof coreCommands;
export type HostCommandName = keyof typeof hostCommands;

/** The functions that answer; core has one for each of its commands, a host for each of its own. */
export type Handlers<N extends CommandName = CoreCommandName> = {
  readonly [K in N]: (input: CommandInput<K>) => Promise<CommandOutput<K>> | CommandOutput<K>;
};

/** What the page (or the command line, or a test) talks to, over whatever transport. */
export interface Client {
  /** Rejects with AppError; anything unexpected has the code 'bug'. */
  call<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** Returns the function that stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

export function isHostCommandName(name: string): name is HostCommandName {
  return Object.hasOwn(hostCommands, name);
}

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}
