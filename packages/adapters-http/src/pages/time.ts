import { type Html, html } from "./html.js";

/** A moment, for people and for programs: `26 November 2026, 05:04 UTC`. Nothing, where there is none. */
export function showTime(date: Date | undefined): Html | undefined {
  if (date === undefined || !isTime(date)) return undefined;
  const iso = date.toISOString();
  return html`<time datetime="${iso.replace(/\.\d+/, "")}">${formatDay(date)}, ${iso.slice(-13, -8)} UTC</time>`;
}

/** `26 November 2026`, in UTC. */
export function formatDay(date: Date): string {
  return `${date.getUTCDate()} ${formatMonth(date)}`;
}

/** `November 2026`, in UTC. */
export function formatMonth(date: Date): string {
  return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Providers are made of files and of other people's programs: a date that is none is not shown. */
export function isTime(date: Date): boolean {
  return !Number.isNaN(date.getTime());
}

export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
