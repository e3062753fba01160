/**
 * Text as ASCII can say it: letters without their accents, typographic signs as typewriters had them, all else as `?`.
 * Colours stay, where the text has been let keep them.
 */
export function toAscii(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .normalize("NFC") // a syllable of Korean is one sign again
    .replace(/[^\n\t\x1b -~]/gu, (sign) => SIGNS[sign] ?? "?");
}

const SIGNS: Readonly<Record<string, string>> = {
  "‘": "'",
  "’": "'",
  "‚": ",",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": "<<",
  "»": ">>",
  "‐": "-",
  "‑": "-",
  "–": "-",
  "—": "--",
  "−": "-",
  "⁄": "/",
  "•": "*",
  "·": ".",
  "→": "->",
  "←": "<-",
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  "€": "EUR",
  "©": "(c)",
  "✓": "v",
};
