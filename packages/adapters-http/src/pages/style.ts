import { compact } from "./compact.js";

/**
 * The style sheet of all pages. It is a page of a book: one column, wide enough for the 80 columns of a plan; what somebody says
 * stands large, behind the pointing hand that this protocol has its name from, and all else is smaller and in its place.
 *
 * Colours are set once, for light and for dark, and have a contrast of 4.5 to 1 at least.
 */
export const STYLE: string = compact(`
:root {
  color-scheme: light dark;
  --paper: #fbf9f4;
  --ink: #211e1a;
  --soft: #6a6259;
  --line: #e2dcd0;
  --mark: #a63a1e;
  --l1: #ecb79f;
  --l2: #dc8a69;
  --l3: #c1583a;
  --l4: #7f2511;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, ui-serif, serif;
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #191714;
    --ink: #ebe5da;
    --soft: #a49b8f;
    --line: #38332c;
    --mark: #f08d6c;
    --l1: #5c2c1d;
    --l2: #9a452b;
    --l3: #d8714e;
    --l4: #ffc3ab;
  }
}
* { box-sizing: border-box; margin: 0; }
html { background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 var(--serif); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
main { max-width: 47rem; margin: auto; padding: clamp(1.5rem, 7vw, 4.5rem) clamp(1rem, 4vw, 2rem) 4rem; overflow-wrap: anywhere; }
a { color: var(--mark); text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 3px; border-radius: 2px; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .8rem; }
h1 { font-size: 1.5rem; font-weight: 600; line-height: 1.25; }
h2 { margin: 2.75rem 0 .75rem; padding-top: .6rem; border-top: 1px solid var(--line); font-size: 1rem; font-style: italic; font-weight: 400; color: var(--soft); }
.login { font: .875rem/1.5 var(--mono); color: var(--soft); }
.since, .none { font-size: .9375rem; color: var(--soft); }
.up { margin-bottom: 1.5rem; font-size: .9375rem; }
.status { margin: 1.1rem 0 .5rem; font-size: clamp(1.75rem, 1.2rem + 2.8vw, 2.75rem); line-height: 1.2; white-space: pre-wrap; text-wrap: pretty; }
.status.long { font-size: 1.3125rem; line-height: 1.45; }
.status::before { content: "\\261E\\FE0E\\00A0" / ""; color: var(--mark); }
pre { font: .875rem/1.5 var(--mono); white-space: pre-wrap; tab-size: 8; }
header + pre, header + p:not(.status) { margin-top: 1.75rem; }
.people { margin-top: 1.75rem; padding: 0; list-style: none; }
.people li { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; padding: .85rem 0; border-top: 1px solid var(--line); }
.people a { text-decoration: none; }
.people a:hover b { text-decoration: underline; }
.people b { font-weight: 600; color: var(--ink); }
.people p { flex-basis: 100%; font-size: 1.1875rem; line-height: 1.4; }
.people p.since { flex-basis: auto; font-size: .875rem; }
.year svg { display: block; width: 100%; height: auto; }
.year text { font: 8px system-ui, sans-serif; fill: var(--soft); }
.year path { fill: none; stroke: var(--line); stroke-width: 8; stroke-dasharray: 8 2; }
.year .l1 { stroke: var(--l1); }
.year .l2 { stroke: var(--l2); }
.year .l3 { stroke: var(--l3); }
.year .l4 { stroke: var(--l4); }
.year + p { margin-top: .6rem; }
table { margin-top: .5rem; border-collapse: collapse; font-size: .9375rem; }
th { padding: .1rem 2rem .1rem 0; font-weight: 400; text-align: start; }
td { text-align: end; font-variant-numeric: tabular-nums; }
thead { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dt { color: var(--soft); }
dd { grid-column: 2; }
details { margin-top: 1rem; }
section + details, pre + details { margin-top: 2.75rem; }
summary { width: fit-content; cursor: pointer; font-size: .9375rem; color: var(--mark); }
details > pre, form { margin-top: .75rem; }
form { display: grid; gap: .3rem; max-width: 30rem; }
textarea, input { width: 100%; margin-bottom: .6rem; padding: .5rem .6rem; border: 1px solid var(--soft); border-radius: 3px; background: transparent; color: inherit; font: inherit; }
button { justify-self: start; padding: .45rem 1.4rem; border: 1px solid var(--mark); border-radius: 3px; background: var(--mark); color: var(--paper); font: inherit; cursor: pointer; }
[role=alert] { margin-bottom: .6rem; padding-inline-start: .8rem; border-inline-start: 3px solid var(--mark); }
.forms { margin-top: 3rem; font-size: .9375rem; }
.forms ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 36rem) {
  pre { font-size: .8125rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { grid-column: 1; margin-bottom: .5rem; }
  .year { overflow: hidden; }
  .year svg { width: 200%; margin-inline-start: -100%; }
}
@media (prefers-reduced-motion: no-preference) {
  .changed > :not([data-keep]) { animation: arrive .8s ease-out; }
  @keyframes arrive { from { opacity: .2; } }
}
@media (forced-colors: active) {
  .year path[class] { forced-color-adjust: none; stroke: CanvasText; }
  .year .l0 { stroke-width: 1; }
  .year .l1 { stroke-width: 3; }
  .year .l2 { stroke-width: 5; }
  .year .l3 { stroke-width: 7; }
  .year .l4 { stroke-width: 9; }
  .year text { fill: CanvasText; }
  button { background: ButtonFace; border-color: ButtonText; color: ButtonText; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #e4e4e4; --mark: #000; --l1: #b5b5b5; --l2: #888; --l3: #555; --l4: #000; }
  html { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .up, .forms, form, [data-keep], details:not([open]) { display: none; }
  section, li { break-inside: avoid-page; }
  pre a, .status a { color: inherit; text-decoration: none; }
}
`);
