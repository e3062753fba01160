import type { HttpRequest } from "../http/http-request.js";
import type { Site } from "./site.js";

/** A request that is for this site. */
export interface Visit {
  readonly site: Site;
  readonly request: HttpRequest;
  /** What all paths of the site begin with, as the peer sees them. */
  readonly base: string;
}
