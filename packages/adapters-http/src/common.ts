// What every entry of the package offers, on any runtime with web standards.

export { createFingerHandler, type FingerHandler } from "./create-handler.js";
export type { FingerHandlerOptions, HttpLimits, PersonLinks } from "./options.js";
export { type Html, type HtmlValue, html } from "./pages/html.js";
export { linkify } from "./pages/linkify.js";
export type {
  Alternate,
  DirectoryView,
  GatewayView,
  LayoutView,
  ListedPerson,
  Page,
  Pages,
  PersonView,
  ProblemView,
  StatusForm,
} from "./pages/pages.js";
