import { showDirectory } from "./directory-page.js";
import { showGateway } from "./gateway-page.js";
import { showLayout } from "./layout.js";
import type { Pages } from "./pages.js";
import { showPerson } from "./person-page.js";
import { showProblem } from "./problem-page.js";
import { STYLE } from "./style.js";

/** Our templates and our style sheet. */
export const DEFAULT_PAGES: Pages = {
  style: STYLE,
  directory: showDirectory,
  person: showPerson,
  gateway: showGateway,
  problem: showProblem,
  layout: showLayout,
};
