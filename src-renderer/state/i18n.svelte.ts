import { isSentenceKey, type Fact, type Sentence } from '../../src-shared/domain/sentence.ts';
import { findMessage, type Language, type Message, type MessageKey } from '../messages/messages.ts';

/** Values for the holes of a message; numbers are written as the language writes them. */
export type MessageValues = Readonly<Record<string, string | number>>;

const narrowSpace = '\u202F';
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const numberFormats = new Map<string, Intl.NumberFormat>();

/** Made once for each language and way of writing: making one takes a hundred times as long as using it. */
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(language, options);
  numberFormats.set(key, format);
  return format;
}

/** Words, numbers and dates in the person's language. Reading any of it in markup follows a change of language. */
export class I18n {
  language: Language = $state('en');

  /** The message of a key with its holes filled; plural forms follow `count`. */
  readonly t = (key: MessageKey, values: MessageValues = {}): string =>
    fill(this.#form(findMessage(this.language, key), values), values, this.number);

  readonly number = (value: number, options: Intl.NumberFormatOptions = {}): string =>
    numberFormat(this.language, options).format(value);

  /** A share 0 … 1 as "93.9 %", with a narrow no-break space. */
  readonly percent = (share: number, digits = 1): string => `${this.percentFigure(share, digits)}${narrowSpace}%`;

  /** The same without the sign, where a heading or the words around it have it. */
  readonly percentFigure = (share: number, digits = 1): string =>
    this.number(share * 100, { minimumFractionDigits: digits, maximumFractionDigits: digits });

  /** A size such as "4.2 MB", in powers of 1000. */
  readonly bytes = (sizeBytes: number): string => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    const power = sizeBytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(sizeBytes) / 3));
    const value = sizeBytes / 1000 ** power;
    return `${this.number(value, { maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1 })} ${units[power] ?? 'B'}`;
  };

  /** A time such as "22 s", "1 min 22 s" or "2 h 5 min". */
  readonly duration = (seconds: number): string => {
    const whole = Math.max(0, Math.round(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
    const parts =
      hours > 0
        ? ([
            [hours, 'hour'],
            [minutes, 'minute'],
          ] as const)
        : ([
            [minutes, 'minute'],
            [rest, 'second'],
          ] as const);
    const told = parts.filter(([value]) => value > 0);
    return told.length === 0 ? this.#unit(0, 'second') : told.map(([value, unit]) => this.#unit(value, unit)).join(' ');
  };

  /** A moment for people: the time today, "yesterday", else the day. */
  readonly when = (iso: string, now: Date = new Date()): string => {
    const moment = new Date(iso);
    const days = Math.round((startOfDay(now) - startOfDay(moment)) / dayMs);
    if (days === 0 && now.getTime() - moment.getTime() < minuteMs) return this.t('shell.justNow');
    if (days === 0)
      return new Intl.DateTimeFormat(this.language, { hour: '2-digit', minute: '2-digit' }).format(moment);
    if (days === 1) return new Intl.RelativeTimeFormat(this.language, { numeric: 'auto' }).format(-1, 'day');
    const isThisYear = moment.getFullYear() === now.getFullYear();
    return new Intl.DateTimeFormat(this.language, {
      day: 'numeric',
      month: 'short',
      ...(isThisYear ? {} : { year: 'numeric' }),
    }).format(moment);
  };

  /** A sentence of core in the person's language; one that has no name stays as it is. */
  readonly say = (sentence: Sentence): string => {
    if (typeof sentence === 'string') return sentence;
    if (!isSentenceKey(sentence.key)) return sentence.text;
    const values = Object.entries(sentence.facts).map(([name, fact]) => [name, this.#value(fact)] as const);
    return this.t(`core.${sentence.key}`, Object.fromEntries(values));
  };

  /** Day and time, in full. */
  readonly dateTime = (iso: string): string =>
    new Intl.DateTimeFormat(this.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

  /** A moment to the minute: the time today, else with the day. */
  readonly clock = (iso: string, now: Date = new Date()): string => {
    const moment = new Date(iso);
    if (startOfDay(now) !== startOfDay(moment)) return this.dateTime(iso);
    return new Intl.DateTimeFormat(this.language, { timeStyle: 'short' }).format(moment);
  };

  /** Names in the person's order ("img2" before "img10"). */
  readonly compareNames = (a: string, b: string): number => this.#collator.compare(a, b);

  readonly #plural = $derived(new Intl.PluralRules(this.language));
  readonly #collator = $derived(new Intl.Collator(this.language, { numeric: true, sensitivity: 'base' }));

  #form(message: Message, values: MessageValues): string {
    if (typeof message === 'string') return message;
    const isOne = this.#plural.select(Number(values.count ?? 0)) === 'one';
    return isOne ? (message.one ?? message.other) : message.other;
  }

  #value(fact: Fact): string | number {
    if (typeof fact !== 'object') return fact;
    return 'time' in fact ? this.clock(fact.time) : this.say(fact);
  }

  #unit(value: number, unit: 'hour' | 'minute' | 'second'): string {
    return this.number(value, {
      style: 'unit',
      unit,
      unitDisplay: this.language === 'en' && unit === 'second' ? 'narrow' : 'short',
    })
      .replace(/(\d)\s?s$/u, `$1 s`)
      .replace(/\bhr\b/u, 'h');
  }
}

/** What `system` means on this machine. */
export function systemLanguage(languages: readonly string[]): Language {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

function fill(text: string, values: MessageValues, number: (value: number) => string): string {
  return text.replaceAll(/\{(\w+)\}/gu, (hole, name: string) => {
    const value = values[name];
    if (value === undefined) return hole;
    return typeof value === 'number' ? number(value) : value;
  });
}

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
