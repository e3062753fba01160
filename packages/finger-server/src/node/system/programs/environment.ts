import { SEARCH_PATH } from "../search-path.js";

/** All that a program finds in its environment, beside what tells who it is. */
export const ENVIRONMENT: Readonly<Record<string, string>> = { PATH: SEARCH_PATH, LANG: "C.UTF-8" };
