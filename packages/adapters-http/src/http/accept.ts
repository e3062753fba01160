/** What a peer takes: a media range with its weight (RFC 9110 12.5.1). */
interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly weight: number;
}

/**
 * Chooses which of some media types to answer with (RFC 9110 12.5.1): the one that the peer wants most, and of several the
 * first. `undefined` when it takes none. Parameters of a range but its weight do not count, and what is no range is passed over.
 *
 * @param accept - The header; without one, or with an empty one, anything is taken.
 *
 * @example chooseType("text/plain, text/html;q=0.5", ["text/html", "text/plain"]); // "text/plain"
 */
export function chooseType<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined {
  if (accept === undefined || accept.trim() === "" || accept === "*/*") return offered[0];
  const ranges = parseRanges(accept);
  let best: Type | undefined;
  let most = 0;
  for (const type of offered) {
    const weight = weigh(type, ranges);
    if (weight > most) [best, most] = [type, weight];
  }
  return best;
}

function parseRanges(accept: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const part of accept.split(",", MOST_RANGES)) {
    const [range = "", ...parameters] = part.split(";");
    const [type = "", subtype = "", ...rest] = range.trim().toLowerCase().split("/");
    const weight = toWeight(parameters);
    if (type === "" || subtype === "" || rest.length > 0 || weight === undefined) continue;
    if (type === "*" && subtype !== "*") continue;
    ranges.push({ type, subtype, weight });
  }
  return ranges;
}

/** The weight among the parameters; `undefined` when it is none (RFC 9110 12.4.2). */
function toWeight(parameters: readonly string[]): number | undefined {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=", 2);
    if (name.trim().toLowerCase() !== "q") continue;
    const text = value.trim();
    return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : undefined;
  }
  return 1;
}

/** The weight of the range that says most about the type. */
function weigh(offered: string, ranges: readonly Range[]): number {
  const [type, subtype] = offered.split("/");
  let weight = 0;
  let detail = 0;
  for (const range of ranges) {
    const fits = range.type === "*" || (range.type === type && (range.subtype === "*" || range.subtype === subtype));
    const fit = !fits ? 0 : range.type === "*" ? 1 : range.subtype === "*" ? 2 : 3;
    if (fit > detail) [weight, detail] = [range.weight, fit];
  }
  return weight;
}

/** A browser sends eight. */
const MOST_RANGES = 64;
