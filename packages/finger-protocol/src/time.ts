/** A moment on a wall clock, in the English words of the C locale. */
export interface WallTime {
  readonly weekday: string;
  readonly month: string;
  /** Two characters, padded with a space: strftime(3) `%e`. */
  readonly day: string;
  readonly year: string;
  /** `HH:MM`, strftime(3) `%R`. */
  readonly time: string;
}

/** What a clock in `timeZone` (an IANA name) shows at `date`. */
export function toWallTime(date: Date, timeZone: string | undefined): WallTime {
  const [weekday = "", month = "", day = "", year = "", time = ""] = formatterFor(timeZone).format(date).split(/,? /);
  return { weekday, month, day: day.padStart(2), year, time };
}

/**
 * The abbreviation of the zone at `date`, as strftime(3) `%Z` has it from the tz database. `Intl` knows one only where
 * English speakers use it, each locale its own; some of the rest stand in {@link ABBREVIATIONS}. The others are given
 * as their offset, as the tz database itself does where no abbreviation is established.
 */
export function toZoneName(date: Date, timeZone: string | undefined): string {
  const toName = (locale?: string) => formatterFor(timeZone, locale).format(date).split(" ").at(-1) as string;
  const name = toName();
  const offset = name.replace(/^GMT(.)(\d+):?(\d*)$/, (_, sign, hour, minute) => sign + hour.padStart(2, "0") + minute);
  if (offset === name) return name;
  const established = LOCALES.map(toName).find((name) => ESTABLISHED.test(name));
  return established ?? ABBREVIATIONS[formatterFor(timeZone).resolvedOptions().timeZone + offset] ?? offset;
}

/** A formatter is dear to make and cheap to use; the time zones of one program are few. */
function formatterFor(timeZone: string | undefined, locale = "en-US"): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  const formatter =
    formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...FORMAT, timeZone: timeZone || undefined });
  if (formatters.size < MOST_FORMATTERS) formatters.set(key, formatter);
  return formatter;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const MOST_FORMATTERS = 100;

const FORMAT: Intl.DateTimeFormatOptions = {
  weekday: "short",
  month: "short",
  day: "numeric",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
};

const LOCALES = ["en-GB", "en-AU", "en-NZ", "en-ZA"];
const ESTABLISHED = /^(BST|[WCE]ES?T|A[CEW][SD]T|NZ[SD]T|SAST|[CEW]AT)$/;

/** By IANA name and offset. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "Asia/Calcutta+0530": "IST",
  "Asia/Kolkata+0530": "IST",
  "Asia/Seoul+09": "KST",
  "Asia/Shanghai+08": "CST",
  "Asia/Tokyo+09": "JST",
  "Europe/Moscow+03": "MSK",
};
