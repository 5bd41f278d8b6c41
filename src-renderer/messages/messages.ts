import { sentences } from '../../src-shared/domain/sentences.ts';
import backboneEn from './backbone.en.json' with { type: 'json' };
import backboneZh from './backbone.zh-CN.json' with { type: 'json' };
import cameraEn from './camera.en.json' with { type: 'json' };
import cameraZh from './camera.zh-CN.json' with { type: 'json' };
import compareEn from './compare.en.json' with { type: 'json' };
import compareZh from './compare.zh-CN.json' with { type: 'json' };
import coreZh from './core.zh-CN.json' with { type: 'json' };
import datasetEn from './dataset.en.json' with { type: 'json' };
import datasetZh from './dataset.zh-CN.json' with { type: 'json' };
import exportEn from './export.en.json' with { type: 'json' };
import exportZh from './export.zh-CN.json' with { type: 'json' };
import hintsEn from './hints.en.json' with { type: 'json' };
import hintsZh from './hints.zh-CN.json' with { type: 'json' };
import homeEn from './home.en.json' with { type: 'json' };
import homeZh from './home.zh-CN.json' with { type: 'json' };
import imagesEn from './images.en.json' with { type: 'json' };
import imagesZh from './images.zh-CN.json' with { type: 'json' };
import importEn from './import.en.json' with { type: 'json' };
import importZh from './import.zh-CN.json' with { type: 'json' };
import labellingEn from './labelling.en.json' with { type: 'json' };
import labellingZh from './labelling.zh-CN.json' with { type: 'json' };
import multiEn from './multi.en.json' with { type: 'json' };
import multiZh from './multi.zh-CN.json' with { type: 'json' };
import mapEn from './map.en.json' with { type: 'json' };
import mapZh from './map.zh-CN.json' with { type: 'json' };
import modelEn from './model.en.json' with { type: 'json' };
import modelZh from './model.zh-CN.json' with { type: 'json' };
import pipelineEn from './pipeline.en.json' with { type: 'json' };
import pipelineZh from './pipeline.zh-CN.json' with { type: 'json' };
import probeEn from './probe.en.json' with { type: 'json' };
import probeZh from './probe.zh-CN.json' with { type: 'json' };
import safetyEn from './safety.en.json' with { type: 'json' };
import safetyZh from './safety.zh-CN.json' with { type: 'json' };
import recipeEn from './recipe.en.json' with { type: 'json' };
import recipeZh from './recipe.zh-CN.json' with { type: 'json' };
import runEn from './run.en.json' with { type: 'json' };
import runZh from './run.zh-CN.json' with { type: 'json' };
import settingsEn from './settings.en.json' with { type: 'json' };
import settingsZh from './settings.zh-CN.json' with { type: 'json' };
import shellEn from './shell.en.json' with { type: 'json' };
import shellZh from './shell.zh-CN.json' with { type: 'json' };
import snapshotEn from './snapshot.en.json' with { type: 'json' };
import snapshotZh from './snapshot.zh-CN.json' with { type: 'json' };
import suggestEn from './suggest.en.json' with { type: 'json' };
import suggestZh from './suggest.zh-CN.json' with { type: 'json' };
import tryEn from './try.en.json' with { type: 'json' };
import tryZh from './try.zh-CN.json' with { type: 'json' };

/** A sentence with `{name}` holes, or its plural forms chosen by the hole `{count}`. */
export type Message = string | PluralMessage;
interface PluralMessage {
  readonly one?: string;
  readonly other: string;
}

const english = {
  shell: shellEn,
  hints: hintsEn,
  home: homeEn,
  images: imagesEn,
  labelling: labellingEn,
  multi: multiEn,
  dataset: datasetEn,
  suggest: suggestEn,
  model: modelEn,
  map: mapEn,
  import: importEn,
  camera: cameraEn,
  settings: settingsEn,
  snapshot: snapshotEn,
  pipeline: pipelineEn,
  backbone: backboneEn,
  recipe: recipeEn,
  probe: probeEn,
  safety: safetyEn,
  run: runEn,
  compare: compareEn,
  try: tryEn,
  export: exportEn,
  /** What core says. */
  core: sentences,
};

type English = typeof english;
type Feature = keyof English;

/** `<feature>.<name>`, for every name in the English files. */
export type MessageKey = { [F in Feature]: `${F}.${keyof English[F] & string}` }[Feature];

/** Every feature's names, each with a message: a Chinese file that lacks one does not compile. */
type Translation = { readonly [F in Feature]: Readonly<Record<keyof English[F], Message>> };

const chinese: Translation = {
  shell: shellZh,
  hints: hintsZh,
  home: homeZh,
  images: imagesZh,
  labelling: labellingZh,
  multi: multiZh,
  dataset: datasetZh,
  suggest: suggestZh,
  model: modelZh,
  map: mapZh,
  import: importZh,
  camera: cameraZh,
  settings: settingsZh,
  snapshot: snapshotZh,
  pipeline: pipelineZh,
  backbone: backboneZh,
  recipe: recipeZh,
  probe: probeZh,
  safety: safetyZh,
  run: runZh,
  compare: compareZh,
  try: tryZh,
  export: exportZh,
  core: coreZh,
};

export type Language = 'en' | 'zh-CN';

const catalogues: Readonly<Record<Language, ReadonlyMap<string, Message>>> = {
  en: flatten(english),
  'zh-CN': flatten(chinese),
};

/** The message of a key in a language. */
export function findMessage(language: Language, key: MessageKey): Message {
  return catalogues[language].get(key) ?? key;
}

function flatten(translation: Translation): ReadonlyMap<string, Message> {
  return new Map(
    Object.entries(translation).flatMap(([feature, names]) =>
      Object.entries<Message>(names).map(([name, message]) => [`${feature}.${name}`, message] as const),
    ),
  );
}
