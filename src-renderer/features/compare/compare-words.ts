import type { Comparison } from '../../../src-shared/contract/run.contract.ts';
import type { MessageKey } from '../../messages/messages.ts';
import type { I18n } from '../../state/i18n.svelte.ts';
import { nameSetting, nameVersion, wordSettingValue } from '../new-run/recipe-words.ts';

type SettingValue = Comparison['differences'][number]['a'];
type MetricKind = 'share' | 'loss' | 'count' | 'seconds';

interface MetricWords {
  readonly name: MessageKey;
  readonly kind: MetricKind;
  /** +1: more is better, −1: less is better, 0: neither. */
  readonly better: -1 | 0 | 1;
}

const metricWords: ReadonlyMap<string, MetricWords> = new Map<string, MetricWords>([
  ['accuracy', { name: 'compare.accuracy', kind: 'share', better: 1 }],
  ['loss', { name: 'compare.loss', kind: 'loss', better: -1 }],
  ['macroF1', { name: 'compare.macroF1', kind: 'share', better: 1 }],
  ['validationAccuracy', { name: 'compare.validationAccuracy', kind: 'share', better: 1 }],
  ['validationLoss', { name: 'compare.validationLoss', kind: 'loss', better: -1 }],
  ['trainingAccuracy', { name: 'compare.trainingAccuracy', kind: 'share', better: 0 }],
  ['trainingLoss', { name: 'compare.trainingLoss', kind: 'loss', better: 0 }],
  ['bestEpoch', { name: 'compare.bestEpoch', kind: 'count', better: 0 }],
  ['epochs', { name: 'compare.epochs', kind: 'count', better: 0 }],
  ['seconds', { name: 'compare.seconds', kind: 'seconds', better: -1 }],
]);

const settingWords: ReadonlyMap<string, MessageKey> = new Map<string, MessageKey>([
  ['pipeline.name', 'compare.pipelineName'],
  ['classes', 'compare.classes'],
  ['dataset.hash', 'compare.datasetHash'],
  ['dataset.training', 'compare.trainingImages'],
  ['dataset.validation', 'compare.validationImages'],
  ['dataset.test', 'compare.testImages'],
  ['frozenTest', 'compare.frozenTest'],
  ['backbone.sha256', 'compare.backboneHash'],
]);

const hashLength = 64;

/** A difference of shares in percentage points, with its sign: "+3.9". */
export function wordPoints(i18n: I18n, share: number): string {
  return i18n.number(share * 100, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/** The name of a setting's path in the person's language. */
export function wordSetting(i18n: I18n, setting: string): string {
  const { t } = i18n;
  const known = settingWords.get(setting);
  if (known) return t(known);
  const path = recipePath(setting);
  if (path !== null) return nameSetting(i18n, path) ?? setting;
  const [area = '', part = '', ...rest] = setting.split('.');
  if (area === 'versions') return nameVersion(i18n, part);
  if (area === 'machine') return t('compare.machine', { name: [part, ...rest].join('.') });
  if (area !== 'pipeline') return setting;
  // A step's path is its place, its kind and maybe one parameter; the order of the steps is a path of its own.
  const step = rest[0] === 'order' ? t('compare.order') : rest.join(' ');
  return t(part === 'evaluation' ? 'compare.evaluationStep' : 'compare.trainingStep', { step });
}

/** A setting's value as a person reads it; a hash is cut to its beginning. */
export function wordValue(i18n: I18n, setting: string, value: SettingValue): string {
  const { t, number } = i18n;
  if (value === null) return t('compare.none');
  const path = recipePath(setting);
  if (path !== null) return wordSettingValue(i18n, path, value);
  if (typeof value === 'boolean') return t(value ? 'compare.yes' : 'compare.no');
  if (typeof value === 'number') return number(value, { maximumSignificantDigits: 6 });
  return /^[0-9a-f]+$/.test(value) && value.length === hashLength ? value.slice(0, 10) : value;
}

function recipePath(setting: string): string | null {
  return setting.startsWith('recipe.') ? setting.slice('recipe.'.length) : null;
}

export interface MetricRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly difference: string;
  /** Which colour the difference has. */
  readonly tone: 'ok' | 'bad' | 'dim';
}

/** One row of the table of figures. */
export function wordMetric(i18n: I18n, { metric, a, b, difference }: Comparison['metrics'][number]): MetricRow {
  const words = metricWords.get(metric);
  const kind = words?.kind ?? 'loss';
  // What reads as nothing has no sign and is neither gain nor loss.
  const shown = difference !== null && wordSize(i18n, kind, difference) === wordSize(i18n, kind, 0) ? 0 : difference;
  const gain = (shown ?? 0) * (words?.better ?? 0);
  return {
    name: words ? i18n.t(words.name) : metric,
    a: wordFigure(i18n, kind, a),
    b: wordFigure(i18n, kind, b),
    difference: wordDifference(i18n, kind, shown),
    tone: gain > 0 ? 'ok' : gain < 0 ? 'bad' : 'dim',
  };
}

function wordFigure(i18n: I18n, kind: MetricKind, value: number | null): string {
  if (value === null) return '–';
  if (kind === 'share') return i18n.percent(value);
  if (kind === 'seconds') return i18n.duration(value);
  return i18n.number(value, kind === 'loss' ? { minimumFractionDigits: 3, maximumFractionDigits: 3 } : {});
}

function wordDifference(i18n: I18n, kind: MetricKind, value: number | null): string {
  if (value === null) return '–';
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return sign + wordSize(i18n, kind, value);
}

function wordSize(i18n: I18n, kind: MetricKind, difference: number): string {
  const size = Math.abs(difference);
  return kind === 'share' ? wordPoints(i18n, size).replace('+', '') : wordFigure(i18n, kind, size);
}
